//! How the service keeps its state, and which events its changes publish.

use common::events::{NewEvent, PaymentCreated, PaymentFailed, PaymentRefunded, RefundStatus};
use common::time::Timestamp;
use common::version::Versioned;
use ports::store::{Collection, Condition, Index, Query};
use runtime::store::{Publish, Stored};
use serde_json::json;

use crate::domain::{Order, Payment, PaymentChange, ReceivedEvent};

const CHECK_AT: &str = "checkAt";
const RECEIVED_AT: &str = "receivedAt";

/// The first `limit` payments that the reconciler must look at.
pub(crate) fn due(now: Timestamp, limit: usize) -> Query {
    let conditions = vec![Condition::AtMost(CHECK_AT, json!(now))];
    Query { sort: Some(CHECK_AT), limit: Some(limit), ..Query::all(conditions) }
}

/// The webhooks that were dealt with until `moment`.
pub(crate) fn received_until(moment: Timestamp) -> [Condition; 1] {
    [Condition::AtMost(RECEIVED_AT, json!(moment))]
}

impl Stored for Order {
    const COLLECTION: &'static Collection = &Collection { name: "orders", indexes: &[] };
    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Stored for Payment {
    const COLLECTION: &'static Collection = &Collection {
        name: "payments",
        indexes: &[Index { name: "check_at", fields: &[CHECK_AT], unique: false, only: None }],
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
        let order_id = payment.id;
        match self {
            Self::Progressed | Self::OrderCancelled | Self::AttemptFailed(_) | Self::Voided => Vec::new(),
            Self::Captured(intent) => vec![NewEvent::of(&PaymentCreated {
                id: payment.payment_id,
                order_id,
                amount: payment.amount,
                stripe_id: intent.to_string(),
            })],
            Self::Failed(reason) => {
                vec![NewEvent::of(&PaymentFailed { order_id, reason: reason.message().to_owned() })]
            }
            Self::Refunded { stripe_refund_id } => vec![NewEvent::of(&PaymentRefunded {
                order_id,
                amount: payment.amount,
                stripe_refund_id: stripe_refund_id.clone(),
                status: RefundStatus::Succeeded,
            })],
        }
    }
}

#[cfg(test)]
mod tests;
