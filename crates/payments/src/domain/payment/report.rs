//! What Stripe says became of an attempt.

use common::outcome::Outcome;
use common::time::Timestamp;

use super::Payment;
use super::attempt::unconfirmed;
use crate::domain::{
    AttemptReport, Authorization, BuyerAction, EndedAttempt, FailureReason, IntentId, PaymentChange, PaymentState,
};

impl Payment {
    /// Stripe has said what became of an attempt. Money is taken only from here on, only before the deadline and
    /// only if the order is not cancelled. A payment has failed for good after `allowed_declines`.
    pub(crate) fn apply_report(
        &mut self,
        report: AttemptReport,
        allowed_declines: u32,
        now: Timestamp,
    ) -> Outcome<PaymentChange> {
        if self.attempts != report.attempt || !self.waits_for(report.authorization.intent()) {
            return Outcome::Unchanged;
        }
        self.card = report.card.or(self.card.take());
        match report.authorization {
            Authorization::Authorized(intent)
            | Authorization::ActionRequired(intent, _)
            | Authorization::Processing(intent)
                if self.must_not_be_taken(now) =>
            {
                self.give_up(intent, None, now)
            }
            Authorization::Authorized(intent) => {
                self.enter(PaymentState::Capturing { intent }, PaymentChange::Progressed, now)
            }
            Authorization::ActionRequired(intent, action) => self.await_buyer(intent, action, now),
            Authorization::Processing(intent) => self.await_stripe(intent, now),
            Authorization::Declined(intent, reason) => self.decline(intent, reason, allowed_declines, now),
            Authorization::Unconfirmed(intent) => self.give_up(intent, Some(unconfirmed()), now),
            Authorization::Cancelled(_) => self.fail_attempt(FailureReason::Lost, false, now),
            Authorization::Rejected(reason) => self.fail_attempt(FailureReason::Rejected { reason }, false, now),
            Authorization::Lost if now >= self.deadline => self.fail_attempt(FailureReason::Expired, true, now),
            Authorization::Lost => self.fail_attempt(FailureReason::Lost, false, now),
            Authorization::NotTaken => self.fail_attempt(FailureReason::Unavailable, false, now),
        }
    }

    /// Whether this intent, made for this attempt, is the one that decides about the payment, or may be.
    pub(crate) fn may_hold(&self, intent: &IntentId, attempt: u32) -> bool {
        match &self.state {
            PaymentState::Authorizing { intent: None, .. } => self.attempts == attempt,
            state => state.intent() == Some(intent),
        }
    }

    /// Whether it is open what becomes of this intent.
    fn waits_for(&self, intent: Option<&IntentId>) -> bool {
        match &self.state {
            PaymentState::Authorizing { intent: known, .. } => {
                known.is_none() || intent.is_none_or(|intent| known.as_ref() == Some(intent))
            }
            PaymentState::AwaitingBuyer { intent: known, .. } => Some(known) == intent,
            _ => false,
        }
    }

    fn await_buyer(&mut self, intent: IntentId, action: BuyerAction, now: Timestamp) -> Outcome<PaymentChange> {
        let PaymentState::Authorizing { token, .. } = &self.state else { return Outcome::Unchanged };
        let state = PaymentState::AwaitingBuyer { token: token.clone(), intent, action, since: now };
        self.enter(state, PaymentChange::Progressed, now)
    }

    fn await_stripe(&mut self, named: IntentId, now: Timestamp) -> Outcome<PaymentChange> {
        let PaymentState::Authorizing { token, key, since, intent: None } = &self.state else {
            return Outcome::Unchanged;
        };
        let (token, key, since) = (token.clone(), key.clone(), *since);
        let state = PaymentState::Authorizing { token, key, since, intent: Some(named) };
        self.enter(state, PaymentChange::Progressed, now)
    }

    /// An intent that the buyer has the secret of could be paid with another card behind our back, so that it is
    /// cancelled; others hold nothing.
    fn decline(
        &mut self,
        intent: Option<IntentId>,
        reason: String,
        allowed_declines: u32,
        now: Timestamp,
    ) -> Outcome<PaymentChange> {
        self.declines += 1;
        let (reason, is_final) = (FailureReason::Declined { reason }, self.declines >= allowed_declines);
        match (&self.state, intent) {
            (PaymentState::AwaitingBuyer { .. }, Some(intent)) => {
                self.give_up(intent, Some(EndedAttempt { reason, is_final }), now)
            }
            _ => self.fail_attempt(reason, is_final, now),
        }
    }
}
