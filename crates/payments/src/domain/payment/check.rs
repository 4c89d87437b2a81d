//! The reconciler's view of a payment: when to look at it, and what to do about it.

use std::time::Duration;

use common::outcome::Outcome;
use common::time::Timestamp;

use super::Payment;
use super::attempt::unconfirmed;
use crate::domain::{FailureReason, PaymentChange, PaymentState};

/// How long the task that moved a payment into a state has to move it on, before the reconciler does.
pub(super) const GRACE: Duration = Duration::from_secs(5);
/// How long Stripe remembers an idempotency key at least: 24 hours, less an hour to be safe.
/// <https://docs.stripe.com/api/idempotent_requests>
pub(super) const KEY_LIFE: Duration = Duration::from_secs(23 * 3600);
/// How long after its order has ended an attempt counts as lost that Stripe has never answered. The reconciler asks
/// several times meanwhile, and Stripe sends its first webhooks within seconds.
pub(super) const AFTERMATH: Duration = Duration::from_secs(5 * 60);
/// How long a bank waits for the buyer, before the attempt counts as abandoned.
pub(super) const CHALLENGE_LIFE: Duration = Duration::from_secs(10 * 60);

impl Payment {
    /// When it is due if it enters `state` at `now`.
    pub(super) fn first_check(&self, state: &PaymentState, now: Timestamp) -> Timestamp {
        match state {
            // At its deadline at the latest: what the bank asks the buyer for is cancelled then.
            PaymentState::AwaitingBuyer { .. } => (now + GRACE).min(self.deadline),
            state if state.is_unfinished() => now + GRACE,
            _ => Timestamp::MAX,
        }
    }

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
        self.check_at = self.next_check(now);
        self.checks += 1;
        Outcome::Changed(())
    }

    /// Whoever was working on it in the state `known`, in which its buyer waits, was interrupted. Unless somebody else
    /// has claimed it, it is due at once, for a webhook or the reconciler. If it has moved on, it is decided again.
    pub(crate) fn leave(&mut self, known: &PaymentState, now: Timestamp) -> Outcome<PaymentChange> {
        if self.state != *known {
            return self.reconsider(now);
        }
        if self.checks > 0 || self.check_at <= now {
            return Outcome::Unchanged;
        }
        self.check_at = now;
        Outcome::Changed(PaymentChange::Progressed)
    }

    pub(super) fn next_check(&self, now: Timestamp) -> Timestamp {
        let next = now + GRACE.saturating_mul(1 << self.checks.min(10)).min(longest_pause(&self.state));
        let has_time = self.state.awaits_buyer() && now < self.deadline;
        if has_time { next.min(self.deadline) } else { next }
    }

    /// Some time after it entered its state: what must not be captured any more is given up.
    pub(crate) fn reconsider(&mut self, now: Timestamp) -> Outcome<PaymentChange> {
        match &self.state {
            PaymentState::Capturing { intent }
            | PaymentState::AwaitingBuyer { intent, .. }
            | PaymentState::Authorizing { intent: Some(intent), .. }
                if self.must_not_be_taken(now) =>
            {
                let intent = intent.clone();
                self.give_up(intent, None, now)
            }
            PaymentState::AwaitingBuyer { intent, since, .. } if now.since(*since) > CHALLENGE_LIFE => {
                let intent = intent.clone();
                self.give_up(intent, Some(unconfirmed()), now)
            }
            // Should there be an intent after all, it is given up as soon as Stripe names it.
            PaymentState::Authorizing { intent: None, .. } if now.since(self.deadline) > AFTERMATH => {
                self.fail_attempt(FailureReason::Expired, true, now)
            }
            // Repeating the call might begin a second authorisation. The first one, if there was one, was never
            // captured; it lapses by itself, if no webhook tells of it.
            PaymentState::Authorizing { since, intent: None, .. } if now.since(*since) > KEY_LIFE => {
                self.fail_attempt(FailureReason::Lost, true, now)
            }
            _ => Outcome::Unchanged,
        }
    }
}

/// The longest pause between two checks of the reconciler: buyers wait at their bank, and refunds take days.
fn longest_pause(state: &PaymentState) -> Duration {
    match state {
        PaymentState::AwaitingBuyer { .. } => Duration::from_secs(15),
        PaymentState::Refunding { .. } => Duration::from_secs(10 * 60),
        PaymentState::RefundPending { .. } => Duration::from_secs(3600),
        _ => Duration::from_secs(60),
    }
}
