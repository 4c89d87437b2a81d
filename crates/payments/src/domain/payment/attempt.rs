//! Attempts to pay, and what Stripe says became of them.

use common::outcome::Outcome;
use common::time::Timestamp;

use super::Payment;
use crate::domain::{Authorization, FailureReason, PaymentChange, PaymentState, PaymentToken};

/// Why no attempt to pay can begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unavailable {
    /// Another attempt is going on.
    BeingPaid,
    /// The money has been taken.
    Paid,
    /// The order was cancelled.
    Cancelled,
    /// The order's time to pay is over.
    Expired,
    /// It has failed for good.
    Failed(FailureReason),
}

impl Payment {
    /// Another attempt to pay.
    pub(crate) fn start_again(
        &mut self,
        token: PaymentToken,
        now: Timestamp,
    ) -> Result<Outcome<PaymentChange>, Unavailable> {
        match &self.state {
            _ if self.order_cancelled => Err(Unavailable::Cancelled),
            PaymentState::Authorizing { .. } | PaymentState::Capturing { .. } => Err(Unavailable::BeingPaid),
            PaymentState::Captured { .. } => Err(Unavailable::Paid),
            PaymentState::Failed { reason } => Err(Unavailable::Failed(reason.clone())),
            PaymentState::Voiding { .. } => Err(Unavailable::Expired),
            PaymentState::Voided | PaymentState::Refunding { .. } | PaymentState::Refunded { .. } => {
                Err(Unavailable::Cancelled)
            }
            PaymentState::Open { .. } if now >= self.deadline => Err(Unavailable::Expired),
            PaymentState::Open { .. } => {
                self.begin_attempt(token, now);
                Ok(Outcome::Changed(PaymentChange::Progressed))
            }
        }
    }

    pub(super) fn begin_attempt(&mut self, token: PaymentToken, now: Timestamp) {
        self.attempts += 1;
        let key = self.call_key(&format!("authorize-{}", self.attempts));
        self.set_state(PaymentState::Authorizing { token, key, since: now }, now);
    }

    /// Stripe has said what became of attempt number `attempt`. Money is taken only from here on, only
    /// before the deadline and only if the order is not cancelled. A payment has failed for good after
    /// `allowed_declines`.
    pub(crate) fn apply_authorization(
        &mut self,
        attempt: u32,
        authorization: Authorization,
        allowed_declines: u32,
        now: Timestamp,
    ) -> Outcome<PaymentChange> {
        if !matches!(self.state, PaymentState::Authorizing { .. }) || self.attempts != attempt {
            return Outcome::Unchanged;
        }
        match authorization {
            Authorization::Authorized(intent) if self.must_not_be_taken(now) => {
                self.enter(PaymentState::Voiding { intent }, PaymentChange::Progressed, now)
            }
            Authorization::Authorized(intent) => {
                self.enter(PaymentState::Capturing { intent }, PaymentChange::Progressed, now)
            }
            Authorization::Declined(reason) => {
                self.declines += 1;
                let is_last = self.declines >= allowed_declines;
                self.fail_attempt(FailureReason::Declined { reason }, is_last, now)
            }
            Authorization::Rejected(reason) => self.fail_attempt(FailureReason::Rejected { reason }, false, now),
        }
    }
}
