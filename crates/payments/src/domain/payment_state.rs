use common::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::buyer_action::BuyerAction;
use super::failure_reason::FailureReason;
use super::intent::IntentId;
use super::token::PaymentToken;

/// The state of a payment.
///
/// ```text
/// Authorizing ─▶ AwaitingBuyer ─▶ Capturing ─▶ Captured ─▶ Refunding ─▶ RefundPending ─▶ Refunded
///    │  ▲  │           │             │                        ▲              │   ▲           │
///    ▼  │  │           ▼             │                        │              ▼   │           │
///   Open   └───────▶ Voiding ◀───────┘     (Stripe had captured)          RefundFailed ◀─────┘
///    ▲                 │   │                                  │
///    └─────────────────┤   └──────────────────────────────────┘
///                      ▼
///                Voided or Failed
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
        /// The intent, once Stripe has named it: it is fetched from then on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        intent: Option<IntentId>,
    },
    /// The bank waits for the buyer to confirm (3-D Secure).
    AwaitingBuyer {
        /// What is paid with.
        token: PaymentToken,
        /// The intent.
        intent: IntentId,
        /// What the buyer has to do.
        action: BuyerAction,
        /// Since when.
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
    /// What was set aside, or may yet be, is being given up.
    Voiding {
        /// The intent.
        intent: IntentId,
        /// How its attempt ended, if not by the end of the order.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ended: Option<EndedAttempt>,
    },
    /// The order was cancelled before any money was taken. Final.
    Voided,
    /// The money is to be given back: Stripe has not taken that on yet.
    Refunding {
        /// The intent.
        intent: IntentId,
        /// The number of the idempotency key of the call. It is another one after each refusal, which Stripe
        /// would repeat for a day.
        #[serde(default, skip_serializing_if = "is_zero")]
        key: u32,
    },
    /// The money is on its way back.
    RefundPending {
        /// The intent.
        intent: IntentId,
        /// The refund at Stripe: `re_…`.
        stripe_refund_id: String,
    },
    /// The money has been given back.
    Refunded {
        /// The intent.
        intent: IntentId,
        /// The refund at Stripe: `re_…`.
        stripe_refund_id: String,
    },
    /// The money could not be given back: somebody must find another way.
    RefundFailed {
        /// The intent.
        intent: IntentId,
        /// The refund at Stripe; none if Stripe made none, as the bank disputes the payment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stripe_refund_id: Option<String>,
        /// The number of the last idempotency key.
        #[serde(default, skip_serializing_if = "is_zero")]
        key: u32,
    },
    /// No payment for this order will succeed any more. Final, but for the order's cancellation.
    Failed {
        /// Why.
        #[serde(rename = "setback")]
        reason: FailureReason,
    },
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EndedAttempt {
    /// Why it failed.
    pub(crate) reason: FailureReason,
    /// Whether no other may follow.
    pub(crate) is_final: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl PaymentState {
    /// Whether there is something left to do at Stripe, or to learn from it.
    pub(crate) fn is_unfinished(&self) -> bool {
        match self {
            Self::Authorizing { .. }
            | Self::AwaitingBuyer { .. }
            | Self::Capturing { .. }
            | Self::Voiding { .. }
            | Self::Refunding { .. }
            | Self::RefundPending { .. } => true,
            Self::Open { .. }
            | Self::Captured { .. }
            | Self::Voided
            | Self::Refunded { .. }
            | Self::RefundFailed { .. }
            | Self::Failed { .. } => false,
        }
    }

    /// Whether the card is being asked or charged, and the buyer waits for the answer.
    pub(crate) fn is_being_taken(&self) -> bool {
        matches!(self, Self::Authorizing { .. } | Self::Capturing { .. })
    }

    /// Whether the bank waits for the buyer.
    pub(crate) fn awaits_buyer(&self) -> bool {
        matches!(self, Self::AwaitingBuyer { .. })
    }

    /// Whether the next step is ours, and somebody waits for it.
    pub(crate) fn is_ours_to_take(&self) -> bool {
        self.is_being_taken() || matches!(self, Self::Voiding { .. })
    }

    /// The intent it is about, if it is about one.
    pub(crate) fn intent(&self) -> Option<&IntentId> {
        match self {
            Self::AwaitingBuyer { intent, .. }
            | Self::Capturing { intent }
            | Self::Captured { intent }
            | Self::Voiding { intent, .. }
            | Self::Refunding { intent, .. }
            | Self::RefundPending { intent, .. }
            | Self::Refunded { intent, .. }
            | Self::RefundFailed { intent, .. } => Some(intent),
            Self::Authorizing { intent, .. } => intent.as_ref(),
            Self::Open { .. } | Self::Voided | Self::Failed { .. } => None,
        }
    }

    /// The refund that gives the money of a cancelled order back, if Stripe has named it.
    pub(crate) fn stripe_refund_id(&self) -> Option<&String> {
        match self {
            Self::RefundPending { stripe_refund_id, .. } | Self::Refunded { stripe_refund_id, .. } => {
                Some(stripe_refund_id)
            }
            Self::RefundFailed { stripe_refund_id, .. } => stripe_refund_id.as_ref(),
            Self::Authorizing { .. }
            | Self::AwaitingBuyer { .. }
            | Self::Open { .. }
            | Self::Capturing { .. }
            | Self::Captured { .. }
            | Self::Voiding { .. }
            | Self::Voided
            | Self::Refunding { .. }
            | Self::Failed { .. } => None,
        }
    }
}
