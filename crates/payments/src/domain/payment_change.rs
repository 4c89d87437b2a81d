use super::failure_reason::FailureReason;
use super::intent::IntentId;

/// What happened to a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PaymentChange {
    /// It moved on, and there is more to do.
    Progressed,
    /// The order was cancelled.
    OrderCancelled,
    /// An attempt failed; another may be made.
    AttemptFailed(FailureReason),
    /// No payment for this order will succeed any more.
    Failed(FailureReason),
    /// The money was taken.
    Captured(IntentId),
    /// What was set aside for a cancelled order was given up.
    Voided,
    /// The money was given back.
    Refunded {
        /// The refund at Stripe: `re_…`.
        stripe_refund_id: String,
    },
}

impl PaymentChange {
    /// In a word how an attempt to pay ended with this, for the metrics; `None` if none did.
    pub(crate) fn result(&self) -> Option<&'static str> {
        match self {
            Self::Progressed | Self::OrderCancelled => None,
            Self::AttemptFailed(reason) | Self::Failed(reason) => Some(reason.label()),
            Self::Captured(_) => Some("paid"),
            Self::Voided => Some("cancelled"),
            Self::Refunded { .. } => Some("refunded"),
        }
    }
}
