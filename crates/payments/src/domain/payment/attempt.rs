//! Attempts to pay.

use common::outcome::Outcome;
use common::time::Timestamp;

use super::Payment;
use crate::domain::{EndedAttempt, FailureReason, PaymentChange, PaymentState, PaymentToken};

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
    /// Another attempt to pay. One whose bank waits for the buyer is given up for it first, if it is with
    /// another card; with the same one it goes on.
    pub(crate) fn start_again(
        &mut self,
        token: PaymentToken,
        now: Timestamp,
    ) -> Result<Outcome<PaymentChange>, Unavailable> {
        match &self.state {
            _ if self.order_cancelled => Err(Unavailable::Cancelled),
            PaymentState::Voiding { ended: Some(_), .. } if now < self.deadline => Err(Unavailable::BeingPaid),
            PaymentState::Authorizing { .. } | PaymentState::Capturing { .. } => Err(Unavailable::BeingPaid),
            PaymentState::Captured { .. } => Err(Unavailable::Paid),
            PaymentState::Failed { reason } => Err(Unavailable::Failed(reason.clone())),
            PaymentState::Voiding { .. } => Err(Unavailable::Expired),
            PaymentState::Voided
            | PaymentState::Refunding { .. }
            | PaymentState::RefundPending { .. }
            | PaymentState::Refunded { .. }
            | PaymentState::RefundFailed { .. } => Err(Unavailable::Cancelled),
            PaymentState::Open { .. } | PaymentState::AwaitingBuyer { .. } if now >= self.deadline => {
                Err(Unavailable::Expired)
            }
            PaymentState::AwaitingBuyer { token: present, .. } if *present == token => Ok(Outcome::Unchanged),
            PaymentState::AwaitingBuyer { intent, .. } => {
                let (intent, ended) = (intent.clone(), unconfirmed());
                Ok(self.give_up(intent, Some(ended), now))
            }
            PaymentState::Open { .. } => {
                self.begin_attempt(token, now);
                Ok(Outcome::Changed(PaymentChange::Started))
            }
        }
    }

    pub(super) fn begin_attempt(&mut self, token: PaymentToken, now: Timestamp) {
        self.attempts += 1;
        self.card = None;
        let key = self.call_key(&format!("authorize-{}", self.attempts));
        self.set_state(PaymentState::Authorizing { token, key, since: now, intent: None }, now);
    }
}

/// The buyer did not confirm, which says nothing about the card.
pub(super) fn unconfirmed() -> EndedAttempt {
    EndedAttempt { reason: FailureReason::Unconfirmed, is_final: false }
}
