//! Whether a webhook says anything that the record does not.

use common::time::Timestamp;

use super::Payment;
use crate::domain::{Claim, IntentStatus, News, PaymentState};

impl Payment {
    /// What a claim adds to what is known at `now`. It adds nothing only if it says of the intent that decides about
    /// this payment what the record says, or what comes before that on the way of every intent.
    pub(crate) fn news_in(&self, claim: &Claim, now: Timestamp) -> News {
        let is_of_this = self.payment_id == claim.payment_id
            && (self.amount, self.currency) == (claim.amount, claim.currency)
            && self.state.intent().is_none_or(|intent| *intent == claim.intent);
        // What nobody works on is not finished by waiting, and in the end of an order nothing is taken for granted.
        if !is_of_this || self.order_cancelled || self.is_due(now) {
            return News::Something;
        }
        match &self.state {
            PaymentState::Authorizing { .. } => News::SoonKnown,
            PaymentState::Capturing { .. } => match claim.status {
                IntentStatus::AwaitingBuyer | IntentStatus::Processing | IntentStatus::Authorized => News::Nothing,
                // Either it was so before the money was set aside, or it is not set aside any more.
                IntentStatus::NotAuthorized | IntentStatus::Captured => News::SoonKnown,
                IntentStatus::Cancelled => News::Something,
            },
            // A captured intent never has another status again.
            PaymentState::Captured { .. } => match claim.status {
                IntentStatus::NotAuthorized
                | IntentStatus::AwaitingBuyer
                | IntentStatus::Processing
                | IntentStatus::Authorized
                | IntentStatus::Captured => News::Nothing,
                IntentStatus::Cancelled => News::Something,
            },
            PaymentState::AwaitingBuyer { .. }
            | PaymentState::Open { .. }
            | PaymentState::Voiding { .. }
            | PaymentState::Voided
            | PaymentState::Refunding { .. }
            | PaymentState::RefundPending { .. }
            | PaymentState::Refunded { .. }
            | PaymentState::RefundFailed { .. }
            | PaymentState::Failed { .. } => News::Something,
        }
    }
}

#[cfg(test)]
mod tests;
