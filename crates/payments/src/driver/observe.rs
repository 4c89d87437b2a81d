//! What operators are told about what happened to a payment.

use common::events::{DisputeStatus, RefundStatus};
use common::id::OrderId;
use ports::store::StoreError;

use super::Interrupted;
use crate::domain::{Payment, PaymentChange};

/// Counts a silence of Stripe's. What the store could not do is passed on.
pub(super) fn interrupted(order: OrderId, why: Interrupted) -> Result<(), StoreError> {
    let reason = match why {
        Interrupted::Store(error) => return Err(error),
        Interrupted::Orders(reason) => reason.to_string(),
        Interrupted::Stripe(reason) => {
            metrics::counter!("stripe_unknown_total").increment(1);
            reason.to_string()
        }
    };
    tracing::warn!(%order, %reason, "a payment is interrupted");
    Ok(())
}

/// Counts what happened, and calls for help where nothing that we could do would help. It is called once for each
/// change that is stored, however often Stripe tells of it.
pub(super) fn observe(payment: &Payment, change: &PaymentChange) {
    if let Some(outcome) = outcome(change) {
        metrics::counter!("payments_total", "outcome" => outcome).increment(1);
    }
    let order = payment.id;
    match change {
        PaymentChange::Refund(refund) if refund.status == RefundStatus::Failed => {
            metrics::counter!("refunds_failed_total").increment(1);
            tracing::error!(%order, refund = refund.id, "a refund has failed: the buyer has not got their money");
        }
        PaymentChange::RefundDisputed => {
            metrics::counter!("refunds_failed_total").increment(1);
            tracing::error!(%order, "a cancelled order is not refunded, as the buyer's bank disputes its payment");
        }
        PaymentChange::RefundedOutside { refund, is_new: true } => {
            metrics::counter!("payments_refunded_outside_total").increment(1);
            tracing::warn!(%order, refund = refund.id, "somebody has given the money for an order back at Stripe");
        }
        PaymentChange::Disputed { dispute, is_new: true } => {
            metrics::counter!("payments_disputed_total").increment(1);
            tracing::error!(%order, dispute = dispute.id, "the buyer's bank disputes a payment");
        }
        PaymentChange::Disputed { dispute, is_new: false } => {
            let is_won = dispute.status == DisputeStatus::Won;
            tracing::warn!(%order, dispute = dispute.id, is_won, "a dispute has ended");
        }
        _ => {}
    }
}

/// In a word how an attempt to pay or a refund ended with this; `None` if none did.
fn outcome(change: &PaymentChange) -> Option<&'static str> {
    match change {
        PaymentChange::AttemptFailed(reason) | PaymentChange::Failed(reason) => Some(reason.label()),
        PaymentChange::Captured(_) => Some("paid"),
        PaymentChange::Voided => Some("cancelled"),
        PaymentChange::Refund(refund) if refund.status == RefundStatus::Succeeded => Some("refunded"),
        PaymentChange::Started
        | PaymentChange::Progressed
        | PaymentChange::OrderCancelled
        | PaymentChange::Refund(_)
        | PaymentChange::RefundDisputed
        | PaymentChange::RefundedOutside { .. }
        | PaymentChange::Disputed { .. } => None,
    }
}
