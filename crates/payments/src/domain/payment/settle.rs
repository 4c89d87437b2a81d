//! What Stripe says became of the money that was set aside.

use common::outcome::Outcome;
use common::time::Timestamp;

use super::Payment;
use crate::domain::{FailureReason, IntentId, IntentStatus, PaymentChange, PaymentState};

impl Payment {
    /// Stripe has said what the status of the intent is.
    pub(crate) fn apply_intent_status(&mut self, status: IntentStatus, now: Timestamp) -> Outcome<PaymentChange> {
        let (PaymentState::Capturing { intent } | PaymentState::Voiding { intent }) = &self.state else {
            return Outcome::Unchanged;
        };
        let intent = intent.clone();
        match status {
            IntentStatus::Authorized | IntentStatus::Processing => Outcome::Unchanged,
            IntentStatus::Captured => self.captured(intent, now),
            IntentStatus::NotAuthorized | IntentStatus::Cancelled => {
                let reason = if now >= self.deadline { FailureReason::Expired } else { FailureReason::Lost };
                self.fail_attempt(reason, true, now)
            }
        }
    }

    fn captured(&mut self, intent: IntentId, now: Timestamp) -> Outcome<PaymentChange> {
        if self.order_cancelled {
            return self.enter(PaymentState::Refunding { intent }, PaymentChange::Progressed, now);
        }
        let change = PaymentChange::Captured(intent.clone());
        self.enter(PaymentState::Captured { intent }, change, now)
    }
}
