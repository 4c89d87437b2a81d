//! How the service keeps its state, and which events its changes publish.

use common::events::{
    NewEvent, PaymentCreated, PaymentDisputed, PaymentFailed, PaymentPaused, PaymentRefunded, PaymentStarted,
    RefundStanding,
};
use common::time::Timestamp;
use common::version::Versioned;
use ports::store::{Collection, Condition, Index, Query};
use runtime::store::{Publish, Stored};
use serde_json::json;

use crate::domain::{Order, Payment, PaymentChange, ReceivedEvent, Refund};

const CHECK_AT: &str = "checkAt";
const DEADLINE: &str = "deadline";
const STATE: &str = "state.name";
/// The state in which the bank waits for the buyer.
const AWAITING_BUYER: &str = "awaitingBuyer";
const RECEIVED_AT: &str = "receivedAt";
/// The field of an order with its buyer.
pub(crate) const BUYER: &str = "userId";

/// The first `limit` payments that the reconciler must look at.
pub(crate) fn due(now: Timestamp, limit: usize) -> Query {
    let conditions = vec![Condition::AtMost(CHECK_AT, json!(now))];
    Query { sort: Some(CHECK_AT), limit: Some(limit), ..Query::all(conditions) }
}

/// Of the payments whose buyer has time to confirm, the one whose time ends first.
pub(crate) fn next_deadline(now: Timestamp) -> Query {
    let awaiting_buyer = Condition::Equals(STATE, AWAITING_BUYER.into());
    let conditions = vec![awaiting_buyer, Condition::AtLeast(DEADLINE, json!(now))];
    Query { sort: Some(DEADLINE), limit: Some(1), ..Query::all(conditions) }
}

/// The webhooks that were dealt with until `moment`.
pub(crate) fn received_until(moment: Timestamp) -> [Condition; 1] {
    [Condition::AtMost(RECEIVED_AT, json!(moment))]
}

impl Stored for Order {
    const COLLECTION: &'static Collection = &Collection {
        name: "orders",
        indexes: &[Index { name: "by_buyer", fields: &[BUYER], unique: false, only: None }],
    };
    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Stored for Payment {
    const COLLECTION: &'static Collection = &Collection {
        name: "payments",
        indexes: &[
            Index { name: "check_at", fields: &[CHECK_AT], unique: false, only: None },
            Index::among(STATE, &[AWAITING_BUYER], "awaiting_buyer", &[DEADLINE]),
        ],
    };
    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Stored for ReceivedEvent {
    const COLLECTION: &'static Collection = &Collection {
        name: "received_events",
        indexes: &[Index { name: "received_at", fields: &[RECEIVED_AT], unique: false, only: None }],
    };
    type Record = Self;

    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Publish<Payment> for PaymentChange {
    fn events(&self, payment: &Versioned<Payment>) -> Vec<NewEvent> {
        let (order_id, attempt) = (payment.id, payment.attempts);
        match self {
            Self::Progressed | Self::OrderCancelled | Self::Voided | Self::RefundDisputed => Vec::new(),
            Self::Started => vec![NewEvent::of(&PaymentStarted { order_id, attempt })],
            Self::AttemptFailed(_) => vec![NewEvent::of(&PaymentPaused { order_id, attempt })],
            Self::Captured(intent) => vec![NewEvent::of(&PaymentCreated {
                id: payment.payment_id,
                order_id,
                amount: payment.amount,
                stripe_id: intent.to_string(),
            })],
            Self::Failed(reason) => {
                vec![NewEvent::of(&PaymentFailed { order_id, reason: reason.message().to_owned() })]
            }
            Self::Refund(refund) | Self::RefundedOutside { refund, .. } => vec![NewEvent::of(&PaymentRefunded {
                order_id,
                amount: refund.amount,
                stripe_refund_id: refund.id.clone(),
                status: refund.status,
                refunds: several(&payment.refunds),
            })],
            Self::Disputed { dispute, .. } => vec![NewEvent::of(&PaymentDisputed {
                order_id,
                amount: dispute.amount,
                stripe_dispute_id: dispute.id.clone(),
                status: dispute.status,
            })],
        }
    }
}

/// The refunds of a payment that has several. Events overtake one another: who hears of a part hears of those before
/// it, too.
fn several(refunds: &[Refund]) -> Vec<RefundStanding> {
    if refunds.len() < 2 {
        return Vec::new();
    }
    let standing = |refund: &Refund| RefundStanding {
        amount: refund.amount,
        stripe_refund_id: refund.id.clone(),
        status: refund.status,
    };
    refunds.iter().map(standing).collect()
}

#[cfg(test)]
mod tests;
