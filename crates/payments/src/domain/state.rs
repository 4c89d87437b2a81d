use common::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::intent::IntentId;
use super::token::PaymentToken;

/// Where a payment stands.
///
/// ```text
/// Authorizing ──▶ Capturing ──▶ Captured ──▶ Refunding ──▶ Refunded
///    │  ▲  │          │                          ▲
///    ▼  │  │          ▼                          │ (Stripe had captured)
///   Open   └─────▶ Voiding ──────────────────────┘
///    │                │
///    ▼                ▼
///  Failed          Voided or Failed
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum PaymentState {
    /// The card is being asked. Everything the call needs is here, so that it can be repeated.
    Authorizing {
        /// What is paid with.
        token: PaymentToken,
        /// The idempotency key of the call.
        key: String,
        /// When it was first sent, at the earliest.
        since: Timestamp,
    },
    /// An attempt came to nothing; another may be made.
    Open {
        /// What went wrong.
        setback: Setback,
    },
    /// The money is set aside and is being taken.
    Capturing {
        /// The intent.
        intent: IntentId,
    },
    /// The money is taken.
    Captured {
        /// The intent.
        intent: IntentId,
    },
    /// What was set aside is being given up.
    Voiding {
        /// The intent.
        intent: IntentId,
    },
    /// The order was cancelled before any money was taken. Final.
    Voided,
    /// The money is being given back.
    Refunding {
        /// The intent.
        intent: IntentId,
    },
    /// The money has been given back. Final.
    Refunded {
        /// The intent.
        intent: IntentId,
        /// The refund at Stripe: `re_…`.
        stripe_refund_id: String,
    },
    /// No payment for this order will succeed any more. Final, but for the order's cancellation.
    Failed {
        /// Why.
        setback: Setback,
    },
}

/// Why an attempt to pay came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Setback {
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
    /// Stripe gave up the authorisation, or never told us what became of it.
    Lost,
}

impl PaymentState {
    /// Whether somebody must still do something.
    pub fn is_unfinished(&self) -> bool {
        match self {
            Self::Authorizing { .. } | Self::Capturing { .. } | Self::Voiding { .. } | Self::Refunding { .. } => true,
            Self::Open { .. } | Self::Captured { .. } | Self::Voided | Self::Refunded { .. } | Self::Failed { .. } => {
                false
            }
        }
    }
}

impl PaymentState {
    /// In a word how it ended, once nobody must do anything any more.
    pub fn outcome(&self) -> Option<&'static str> {
        match self {
            Self::Authorizing { .. } | Self::Capturing { .. } | Self::Voiding { .. } | Self::Refunding { .. } => None,
            Self::Captured { .. } => Some("paid"),
            Self::Voided => Some("cancelled"),
            Self::Refunded { .. } => Some("refunded"),
            Self::Open { setback } | Self::Failed { setback } => Some(setback.outcome()),
        }
    }
}

impl Setback {
    fn outcome(&self) -> &'static str {
        match self {
            Self::Declined { .. } => "declined",
            Self::Rejected { .. } => "rejected",
            Self::Expired => "expired",
            Self::Lost => "lost",
        }
    }

    /// In words for the buyer.
    pub fn reason(&self) -> &str {
        match self {
            Self::Declined { reason } | Self::Rejected { reason } => reason,
            Self::Expired => "Order has expired",
            Self::Lost => "The payment could not be completed",
        }
    }
}
