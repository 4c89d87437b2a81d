use common::events::RefundStatus;
use common::time::Timestamp;
use serde::Serialize;

use super::payment::Payment;
use super::payment_state::PaymentState;

/// How the money for an order stands, in a word: what people may be told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PaymentStatus {
    /// It is not known yet whether the money is taken.
    Processing,
    /// The bank waits for the buyer to confirm.
    ActionRequired,
    /// The money is taken.
    Captured,
    /// No money is taken.
    NotCharged,
    /// The money is on its way back, or will be as soon as the provider takes that on.
    RefundPending,
    /// The provider says that the money has gone back.
    Refunded,
    /// The money was to go back, and did not.
    RefundFailed,
    /// The buyer's bank disputes the payment, or has taken the money back.
    Disputed,
}

impl Payment {
    /// How the money stands at `now`.
    pub(crate) fn status(&self, now: Timestamp) -> PaymentStatus {
        match &self.state {
            // Money is taken only by the next step, which is not made any more.
            PaymentState::Authorizing { .. } | PaymentState::AwaitingBuyer { .. } if self.must_not_be_taken(now) => {
                PaymentStatus::NotCharged
            }
            PaymentState::Authorizing { .. } | PaymentState::Capturing { .. } | PaymentState::Voiding { .. } => {
                PaymentStatus::Processing
            }
            PaymentState::AwaitingBuyer { .. } => PaymentStatus::ActionRequired,
            PaymentState::Open { .. } | PaymentState::Voided | PaymentState::Failed { .. } => PaymentStatus::NotCharged,
            PaymentState::Refunded { .. } => PaymentStatus::Refunded,
            _ if self.is_disputed() => PaymentStatus::Disputed,
            PaymentState::Captured { .. } => self.status_after_capture(),
            PaymentState::Refunding { .. } | PaymentState::RefundPending { .. } => PaymentStatus::RefundPending,
            PaymentState::RefundFailed { .. } => PaymentStatus::RefundFailed,
        }
    }

    /// Others may have given all of it back.
    fn status_after_capture(&self) -> PaymentStatus {
        let whole = self.amount.minor_units();
        if self.given_back(|status| status == RefundStatus::Succeeded) >= whole {
            PaymentStatus::Refunded
        } else if self.given_back(|status| status != RefundStatus::Failed) >= whole {
            PaymentStatus::RefundPending
        } else {
            PaymentStatus::Captured
        }
    }
}
