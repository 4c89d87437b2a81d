//! The order is cancelled: what was taken goes back.

use common::outcome::Outcome;
use common::time::Timestamp;

use super::Payment;
use crate::domain::{PaymentChange, PaymentState};

impl Payment {
    /// The order has been cancelled: what is taken goes back, and what is not is not taken.
    /// A capture that is on its way ends in a refund.
    pub(crate) fn cancel_order(&mut self, now: Timestamp) -> Outcome<PaymentChange> {
        if self.order_cancelled {
            return Outcome::Unchanged;
        }
        self.order_cancelled = true;
        match &self.state {
            PaymentState::Captured { intent } => {
                let intent = intent.clone();
                self.enter(PaymentState::Refunding { intent }, PaymentChange::OrderCancelled, now)
            }
            PaymentState::Open { .. } | PaymentState::Failed { .. } => {
                self.enter(PaymentState::Voided, PaymentChange::OrderCancelled, now)
            }
            PaymentState::Authorizing { .. }
            | PaymentState::Capturing { .. }
            | PaymentState::Voiding { .. }
            | PaymentState::Voided
            | PaymentState::Refunding { .. }
            | PaymentState::Refunded { .. } => Outcome::Changed(PaymentChange::OrderCancelled),
        }
    }

    /// Stripe has given the money back.
    pub(crate) fn refunded(&mut self, stripe_refund_id: String, now: Timestamp) -> Outcome<PaymentChange> {
        let PaymentState::Refunding { intent } = &self.state else { return Outcome::Unchanged };
        let intent = intent.clone();
        let change = PaymentChange::Refunded { stripe_refund_id: stripe_refund_id.clone() };
        self.enter(PaymentState::Refunded { intent, stripe_refund_id }, change, now)
    }
}
