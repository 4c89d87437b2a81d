//! An order and its state. Each way it can change is a file of its own.

mod cancel;
mod complete;
mod expire;
mod fail_payment;
mod refund;
mod reserve;
mod state;
#[cfg(test)]
pub(crate) mod testing;

pub(crate) use cancel::AlreadyComplete;
pub(crate) use complete::PaymentReceived;
pub(crate) use expire::NotDue;
pub(crate) use refund::RefundMismatch;
pub(crate) use reserve::{OrderReserved, OwnTicket};
pub(crate) use state::{Failure, Payment, Refund};

use common::events::CancelReason;
use common::id::{OrderId, TicketId, UserId};
use common::money::{Currency, Price};
use common::order_status::OrderStatus;
use common::time::Timestamp;
use common::version::Version;
use serde::{Deserialize, Serialize};

use state::{Cancellation, State};

/// A buyer's hold on one ticket, at the price they saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) id: OrderId,
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

/// The order is off, and its ticket free again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OrderCancelled {
    pub(crate) reason: CancelReason,
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

    fn end(&mut self, reason: CancelReason, at: Timestamp, failure: Option<Failure>) -> OrderCancelled {
        self.state = State::Cancelled { cancellation: Cancellation { reason, at, failure, late_payment: None } };
        OrderCancelled { reason }
    }
}
