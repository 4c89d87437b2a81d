use common::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::failure_reason::FailureReason;
use super::intent::IntentId;
use super::token::PaymentToken;

/// The state of a payment.
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
pub(crate) enum PaymentState {
    /// The card is being asked. Everything the call needs is here, so that it can be repeated.
    Authorizing {
        /// What is paid with.
        token: PaymentToken,
        /// The idempotency key of the call.
        key: String,
        /// When it was first sent, at the earliest.
        since: Timestamp,
    },
    /// An attempt failed; another may be made.
    Open {
        /// Why.
        #[serde(rename = "setback")]
        reason: FailureReason,
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
        #[serde(rename = "setback")]
        reason: FailureReason,
    },
}

impl PaymentState {
    /// Whether there is something left to do at Stripe.
    pub(crate) fn is_unfinished(&self) -> bool {
        match self {
            Self::Authorizing { .. } | Self::Capturing { .. } | Self::Voiding { .. } | Self::Refunding { .. } => true,
            Self::Open { .. } | Self::Captured { .. } | Self::Voided | Self::Refunded { .. } | Self::Failed { .. } => {
                false
            }
        }
    }
}
