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
        self.deadline = self.deadline.min(now);
        let next = match &self.state {
            PaymentState::Captured { intent } => self.give_back(intent.clone()),
            PaymentState::Open { .. } | PaymentState::Failed { .. } => PaymentState::Voided,
            // The bank may still set money aside.
            PaymentState::AwaitingBuyer { intent, .. } | PaymentState::Authorizing { intent: Some(intent), .. } => {
                PaymentState::Voiding { intent: intent.clone(), ended: None }
            }
            PaymentState::Authorizing { intent: None, .. }
            | PaymentState::Capturing { .. }
            | PaymentState::Voiding { .. }
            | PaymentState::Voided
            | PaymentState::Refunding { .. }
            | PaymentState::RefundPending { .. }
            | PaymentState::Refunded { .. }
            | PaymentState::RefundFailed { .. } => return Outcome::Changed(PaymentChange::OrderCancelled),
        };
        self.enter(next, PaymentChange::OrderCancelled, now)
    }
}
