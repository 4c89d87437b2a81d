//! What people may be told of the money.

use common::events::RefundStatus;
use common::payment_status::PaymentStatus;
use common::time::Timestamp;

use super::Payment;
use super::refund_list::{is_back, is_on_its_way};
use crate::domain::PaymentState;

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
            // Earlier versions called it refunded while a part was under way.
            PaymentState::Refunded { .. } if self.is_a_part_under_way() => PaymentStatus::RefundPending,
            PaymentState::Refunded { .. } => PaymentStatus::Refunded,
            _ if self.is_disputed() => PaymentStatus::Disputed,
            PaymentState::Captured { .. } => self.status_after_capture(),
            PaymentState::Refunding { .. } | PaymentState::RefundPending { .. } => PaymentStatus::RefundPending,
            PaymentState::RefundFailed { .. } => PaymentStatus::RefundFailed,
        }
    }

    fn is_a_part_under_way(&self) -> bool {
        self.given_back(is_on_its_way) > 0 && self.given_back(is_back) < self.amount.minor_units()
    }

    /// Others may have given all of it back.
    fn status_after_capture(&self) -> PaymentStatus {
        let whole = self.amount.minor_units();
        if self.given_back(is_back) >= whole {
            PaymentStatus::Refunded
        } else if self.given_back(|status| status != RefundStatus::Failed) >= whole {
            PaymentStatus::RefundPending
        } else {
            PaymentStatus::Captured
        }
    }
}
