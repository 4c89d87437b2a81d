//! What Stripe says became of the money that was set aside.

use common::outcome::Outcome;
use common::time::Timestamp;

use super::Payment;
use crate::domain::{EndedAttempt, FailureReason, IntentId, IntentStatus, PaymentChange, PaymentState};

impl Payment {
    /// Stripe has said what the status of the intent is.
    pub(crate) fn apply_intent_status(&mut self, status: IntentStatus, now: Timestamp) -> Outcome<PaymentChange> {
        let (PaymentState::Capturing { intent } | PaymentState::Voiding { intent, .. }) = &self.state else {
            return Outcome::Unchanged;
        };
        let intent = intent.clone();
        match status {
            IntentStatus::Authorized | IntentStatus::Processing | IntentStatus::AwaitingBuyer => Outcome::Unchanged,
            IntentStatus::Captured => self.captured(intent, now),
            IntentStatus::NotAuthorized | IntentStatus::Cancelled => {
                let EndedAttempt { reason, is_final } = self.how_it_ended(now);
                self.fail_attempt(reason, is_final, now)
            }
        }
    }

    fn captured(&mut self, intent: IntentId, now: Timestamp) -> Outcome<PaymentChange> {
        if self.order_cancelled {
            return self.enter(self.give_back(intent), PaymentChange::Progressed, now);
        }
        let change = PaymentChange::Captured(intent.clone());
        self.enter(PaymentState::Captured { intent }, change, now)
    }

    /// Why nothing is set aside any more.
    fn how_it_ended(&self, now: Timestamp) -> EndedAttempt {
        match &self.state {
            PaymentState::Voiding { ended: Some(ended), .. } if ended.is_final || now < self.deadline => ended.clone(),
            _ if now >= self.deadline => EndedAttempt { reason: FailureReason::Expired, is_final: true },
            _ => EndedAttempt { reason: FailureReason::Lost, is_final: true },
        }
    }
}
