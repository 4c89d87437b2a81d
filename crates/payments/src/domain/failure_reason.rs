use serde::{Deserialize, Serialize};

/// Why an attempt to pay failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum FailureReason {
    /// The card was refused.
    Declined {
        /// In words for the buyer.
        reason: String,
    },
    /// Stripe could make nothing of the token.
    Rejected {
        /// In words for the buyer.
        reason: String,
    },
    /// The buyer did not confirm the payment at their bank.
    Unconfirmed,
    /// Nothing was asked of the card: orders or Stripe could not be reached, or did not take our request.
    Unavailable,
    /// Orders says that the order is paid already.
    OrderComplete,
    /// The order's time to pay ran out.
    Expired,
    /// Stripe gave up the authorisation, or never said what became of it.
    Lost,
}

impl FailureReason {
    /// In a word, for the metrics.
    pub(crate) fn label(&self) -> &'static str {
        match self {
            Self::Declined { .. } => "declined",
            Self::Rejected { .. } => "rejected",
            Self::Unconfirmed => "unconfirmed",
            Self::Unavailable => "unavailable",
            Self::OrderComplete => "order_complete",
            Self::Expired => "expired",
            Self::Lost => "lost",
        }
    }

    /// In words for the buyer.
    pub(crate) fn message(&self) -> &str {
        match self {
            Self::Declined { reason } | Self::Rejected { reason } => reason,
            Self::Unconfirmed => {
                "The payment was not confirmed with your bank. You were not charged. Please try again, or use another card."
            }
            Self::Unavailable => {
                "The payment could not be started. You were not charged. Please try again in a moment."
            }
            Self::OrderComplete => "Order has already been paid",
            Self::Expired => "Order has expired",
            Self::Lost => "The payment could not be completed. You were not charged.",
        }
    }
}
