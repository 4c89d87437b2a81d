//! The reconciler's view of a payment: when to look at it, and what to do about it.

use std::time::Duration;

use common::outcome::Outcome;
use common::time::Timestamp;

use super::Payment;
use crate::domain::{FailureReason, PaymentChange, PaymentState};

/// How long the task that moved a payment into a state has to move it on, before the reconciler does.
pub(super) const GRACE: Duration = Duration::from_secs(5);
/// The longest pause between two checks of the reconciler.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How long Stripe remembers an idempotency key at least: 24 hours, less an hour to be safe.
/// <https://docs.stripe.com/api/idempotent_requests>
pub(super) const KEY_LIFE: Duration = Duration::from_secs(23 * 3600);

/// When a payment is due that enters `state` at `now`.
pub(super) fn first_check(state: &PaymentState, now: Timestamp) -> Timestamp {
    if state.is_unfinished() { now + GRACE } else { Timestamp::MAX }
}

impl Payment {
    /// Whether it is unfinished and nobody has moved it on in time.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.state.is_unfinished() && self.check_at <= now
    }

    /// Claims it for one check, if it is due: until the next check is due, no other replica works on
    /// it. The pauses between checks grow.
    pub(crate) fn claim(&mut self, now: Timestamp) -> Outcome<()> {
        if !self.is_due(now) {
            return Outcome::Unchanged;
        }
        let pause = GRACE.saturating_mul(1 << self.checks.min(8)).min(LONGEST_PAUSE);
        self.check_at = now + pause;
        self.checks += 1;
        Outcome::Changed(())
    }

    /// Some time after it entered its state: what must not be captured any more is given up.
    pub(crate) fn reconsider(&mut self, now: Timestamp) -> Outcome<PaymentChange> {
        match &self.state {
            PaymentState::Capturing { intent } if self.must_not_be_taken(now) => {
                let intent = intent.clone();
                self.enter(PaymentState::Voiding { intent }, PaymentChange::Progressed, now)
            }
            // Repeating the call might begin a second authorisation. The first one, if there was
            // one, was never captured and lapses by itself.
            PaymentState::Authorizing { since, .. } if now.since(*since) > KEY_LIFE => {
                self.fail_attempt(FailureReason::Lost, true, now)
            }
            _ => Outcome::Unchanged,
        }
    }
}
