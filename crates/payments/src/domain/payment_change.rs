use super::dispute::Dispute;
use super::failure_reason::FailureReason;
use super::intent::IntentId;
use super::refund::Refund;

/// What happened to a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PaymentChange {
    /// An attempt began.
    Started,
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
    /// The refund of a cancelled order stands otherwise than before.
    Refund(Refund),
    /// Others had given the money of a cancelled order back before; this is the last of their refunds.
    RefundedBefore(Refund),
    /// Stripe refuses to give the money of a cancelled order back, as the buyer's bank disputes the payment.
    RefundDisputed,
    /// Somebody gave money back at Stripe, without us.
    RefundedOutside {
        /// What they gave back.
        refund: Refund,
        /// Whether it was not known before.
        is_new: bool,
    },
    /// The buyer's bank disputes the payment, or a dispute has ended.
    Disputed {
        /// The dispute.
        dispute: Dispute,
        /// Whether it was not known before.
        is_new: bool,
    },
}
