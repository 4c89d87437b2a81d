//! An order: its state and its record. Each way it can change is a file of its own.

mod cancel;
mod complete;
mod expire;
mod fail_payment;
mod refund;
mod reserve;
mod state;
#[cfg(test)]
mod testing;

pub(crate) use cancel::AlreadyComplete;
pub(crate) use expire::NotDue;
pub(crate) use refund::RefundMismatch;
pub(crate) use reserve::OwnTicket;
pub(crate) use state::{Failure, Payment, Refund};

use common::events::{CancelReason, NewEvent, OrderCancelled, TicketRef};
use common::id::{OrderId, TicketId, UserId};
use common::money::{Currency, Price};
use common::order_status::OrderStatus;
use common::time::Timestamp;
use common::version::Version;
use ports::store::{Collection, Index, Only};
use runtime::store::Aggregate;
use serde::{Deserialize, Serialize};

use state::{Cancellation, State};

/// A buyer's hold on one ticket, at the price they saw.
///
/// Other services apply an order's events strictly by version, so a change that tells nothing
/// may only be the last one: see [`Order::refund`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) id: OrderId,
    pub(crate) version: Version,
    pub(crate) user_id: UserId,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) ticket: ReservedTicket,
    #[serde(flatten)]
    state: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refund: Option<Refund>,
}

/// The ticket as it was when it was ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReservedTicket {
    pub(crate) id: TicketId,
    pub(crate) title: String,
    #[serde(with = "common::money::minor_units")]
    pub(crate) price: Price,
    pub(crate) currency: Currency,
    pub(crate) version: Version,
}

impl Order {
    /// Where the order stands.
    pub(crate) fn status(&self) -> OrderStatus {
        match self.state {
            State::Created => OrderStatus::Created,
            State::AwaitingPayment => OrderStatus::AwaitingPayment,
            State::Complete { .. } => OrderStatus::Complete,
            State::Cancelled { .. } => OrderStatus::Cancelled,
        }
    }

    /// Why it was cancelled, if it was. A late payment does not change the first reason.
    pub(crate) fn cancel_reason(&self) -> Option<CancelReason> {
        self.cancellation().map(|cancellation| cancellation.reason)
    }

    /// Why its payment was refused, if that is what cancelled it.
    pub(crate) fn failure(&self) -> Option<&Failure> {
        self.cancellation()?.failure.as_ref()
    }

    /// The payment that arrived after the order had been cancelled, and has to go back.
    pub(crate) fn late_payment(&self) -> Option<&Payment> {
        self.cancellation()?.late_payment.as_ref()
    }

    /// The money that went back.
    pub(crate) fn refunded(&self) -> Option<&Refund> {
        self.refund.as_ref()
    }

    fn cancellation(&self) -> Option<&Cancellation> {
        match &self.state {
            State::Cancelled { cancellation } => Some(cancellation),
            State::Created | State::AwaitingPayment | State::Complete { .. } => None,
        }
    }

    fn end(&mut self, reason: CancelReason, at: Timestamp, failure: Option<Failure>) -> Vec<NewEvent> {
        self.state = State::Cancelled { cancellation: Cancellation { reason, at, failure, late_payment: None } };
        vec![self.cancelled(reason)]
    }

    fn cancelled(&self, reason: CancelReason) -> NewEvent {
        let ticket = TicketRef { id: self.ticket.id };
        NewEvent::of(&OrderCancelled { id: self.id, version: self.version, reason, ticket })
    }
}

impl Aggregate for Order {
    const COLLECTION: &'static Collection = &Collection {
        name: "orders",
        indexes: &[
            // Invariant I1: this index decides every race for a ticket. Its statuses are
            // `OrderStatus::ACTIVE`; a test compares them.
            Index {
                name: "one_active_order_per_ticket",
                fields: &["ticket.id"],
                unique: true,
                only: Some(Only { field: "status", values: &["created", "awaiting:payment", "complete"] }),
            },
            Index { name: "by_buyer", fields: &["userId", "createdAt"], unique: false, only: None },
        ],
    };

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn version(&self) -> Version {
        self.version
    }

    fn set_version(&mut self, version: Version) {
        self.version = version;
    }
}

#[cfg(test)]
mod tests {
    use super::testing::*;
    use super::*;

    #[test]
    fn the_unique_index_covers_exactly_the_statuses_that_hold_a_ticket() {
        let only = Order::COLLECTION.indexes[0].only.as_ref().expect("partial");
        assert_eq!(only.values, OrderStatus::ACTIVE.map(OrderStatus::as_str));
    }

    #[test]
    fn a_record_reads_back_as_the_same_order_in_every_state() {
        for order in in_every_state() {
            let record = serde_json::to_value(&order).expect("serialises");
            assert_eq!(record["status"], order.status().as_str());
            assert_eq!(record["ticket"]["price"], 2050, "minor units");
            assert_eq!(serde_json::from_value::<Order>(record).expect("reads back"), order);
        }
    }
}
