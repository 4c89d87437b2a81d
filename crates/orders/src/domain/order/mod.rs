//! An order and its state. Each way it can change is a file of its own.

mod await_payment;
mod cancel;
mod complete;
mod dispute;
mod expire;
mod fail_payment;
mod forget;
mod miss_delivery;
mod refund;
mod reserve;
mod slot;
mod state;
#[cfg(test)]
pub(crate) mod testing;

pub(crate) use await_payment::NotPayable;
pub(crate) use cancel::CancelRefused;
pub(crate) use complete::PaymentReceived;
pub(crate) use expire::{Expiry, NotYet};
pub(crate) use fail_payment::AlreadyComplete;
pub(crate) use refund::RefundMismatch;
pub(crate) use reserve::{NotForSale, OrderReserved};
pub(crate) use state::{Dispute, Failure, Payment, Refund};

use common::edition::Edition;
use common::events::{CancelReason, EventDetails};
use common::id::{OrderId, TicketId, UserId};
use common::money::{Currency, Price};
use common::order_status::OrderStatus;
use common::time::Timestamp;
use common::version::Version;
use serde::{Deserialize, Serialize};

use slot::Slot;
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
    /// Missing in orders from before there were slots, which end within their window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    slot: Option<Slot>,
    /// The number of the last attempt to pay that was heard of.
    #[serde(default)]
    payment_attempt: u32,
    /// When it was heard that its time is up, while its payment was being taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_heard_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refund: Option<Refund>,
    /// Those before it: somebody has given the money back in parts, or one has failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    earlier_refunds: Vec<Refund>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dispute: Option<Dispute>,
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
    /// The edition that the order is made of; missing in orders from before there were editions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) edition: Option<Edition>,
    #[serde(default)]
    pub(crate) details: EventDetails,
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

    /// The payment that has to go back: it arrived after the order had been cancelled, or the ticket never came.
    pub(crate) fn late_payment(&self) -> Option<&Payment> {
        self.cancellation()?.late_payment.as_ref()
    }

    /// The dispute about its payment, the latest there was.
    pub(crate) fn dispute(&self) -> Option<&Dispute> {
        self.dispute.as_ref()
    }

    /// When it ended, if its buyer let it expire or called it off.
    pub(crate) fn given_up_at(&self) -> Option<Timestamp> {
        let Cancellation { reason, at, .. } = self.cancellation()?;
        match reason {
            CancelReason::ByBuyer | CancelReason::Expired => Some(*at),
            CancelReason::PaymentFailed
            | CancelReason::LatePayment
            | CancelReason::EventCancelled
            | CancelReason::NotDelivered
            | CancelReason::Other => None,
        }
    }

    fn cancellation(&self) -> Option<&Cancellation> {
        match &self.state {
            State::Cancelled { cancellation } => Some(cancellation),
            State::Created | State::AwaitingPayment | State::Complete { .. } => None,
        }
    }

    fn end(&mut self, reason: CancelReason, at: Timestamp, failure: Option<Failure>) -> OrderCancelled {
        self.state = State::Cancelled { cancellation: Cancellation { reason, at, failure, late_payment: None } };
        self.slot = None;
        OrderCancelled { reason }
    }
}
