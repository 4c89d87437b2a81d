//! Whether the order still wants to be paid: orders decides, and is asked.

use common::outcome::Outcome;
use common::time::Timestamp;

use super::Payment;
use crate::domain::{FailureReason, NotPayable, PaymentChange, PaymentState};

impl Payment {
    /// Somebody else than who began the attempt is going to ask Stripe about it: from then on nobody can say that
    /// nothing was asked.
    pub(crate) fn take_over(&mut self, attempt: u32) -> Outcome<PaymentChange> {
        if !self.is_asking(attempt) || self.checks > 0 {
            return Outcome::Unchanged;
        }
        self.checks = 1;
        Outcome::Changed(PaymentChange::Progressed)
    }

    /// Orders did not answer before anything was asked of Stripe: the attempt ends, and another may be made, unless
    /// somebody else has taken it over.
    pub(crate) fn not_begun(&mut self, attempt: u32, now: Timestamp) -> Outcome<PaymentChange> {
        if self.is_asking(attempt) && self.checks == 0 {
            self.fail_attempt(FailureReason::Unavailable, false, now)
        } else {
            Outcome::Unchanged
        }
    }

    /// Orders says that the order is not to be paid, before anything was asked of Stripe: the attempt ends, unless
    /// somebody else has taken it over.
    pub(crate) fn not_owed(&mut self, attempt: u32, why: NotPayable, now: Timestamp) -> Outcome<PaymentChange> {
        if !self.is_asking(attempt) || self.checks > 0 {
            return Outcome::Unchanged;
        }
        self.forbid(why, now);
        match why {
            NotPayable::Cancelled | NotPayable::Expired => self.fail_attempt(FailureReason::Expired, true, now),
            NotPayable::Complete => self.fail_attempt(FailureReason::OrderComplete, false, now),
        }
    }

    /// Orders says that the order is not to be paid any more, and Stripe may know of the attempt already: nothing
    /// is taken from now on.
    pub(crate) fn not_owed_any_more(&mut self, why: NotPayable, now: Timestamp) -> Outcome<PaymentChange> {
        match &self.state {
            PaymentState::Capturing { intent } => {
                let intent = intent.clone();
                self.forbid(why, now);
                self.give_up(intent, None, now)
            }
            PaymentState::Authorizing { .. } if !self.must_not_be_taken(now) => {
                self.forbid(why, now);
                Outcome::Changed(PaymentChange::Progressed)
            }
            _ => Outcome::Unchanged,
        }
    }

    /// Whether the card is being asked in this attempt, and no intent is known yet.
    pub(crate) fn is_asking(&self, attempt: u32) -> bool {
        matches!(self.state, PaymentState::Authorizing { intent: None, .. }) && self.attempts == attempt
    }

    fn forbid(&mut self, why: NotPayable, now: Timestamp) {
        self.order_cancelled |= why == NotPayable::Cancelled;
        // A complete order has time left, but not for a second payment.
        self.deadline = self.deadline.min(now);
    }
}
