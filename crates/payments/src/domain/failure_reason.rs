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
            Self::Expired => "expired",
            Self::Lost => "lost",
        }
    }

    /// In words for the buyer.
    pub(crate) fn message(&self) -> &str {
        match self {
            Self::Declined { reason } | Self::Rejected { reason } => reason,
            Self::Expired => "Order has expired",
            Self::Lost => "The payment could not be completed",
        }
    }
}
