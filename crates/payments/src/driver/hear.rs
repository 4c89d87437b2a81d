//! What Stripe tells by itself: nothing of it is thrown away, whoever is working on the payment.

use common::id::OrderId;
use common::outcome::Outcome;
use common::time::Timestamp;
use runtime::store::Updated;

use super::{Driver, Interrupted};
use crate::domain::{IntentId, Payment, PaymentChange, PaymentState};
use crate::stripe::{About, FoundIntent};

impl Driver {
    /// Applies what has become of an intent of the payment of this order. Returns whether that has moved the payment on,
    /// to a step that is ours.
    pub(crate) async fn hear(
        &self,
        order: OrderId,
        found: &FoundIntent,
        about: &About,
        now: Timestamp,
    ) -> Result<bool, Interrupted> {
        let Updated { aggregate: heard, outcome } =
            self.change(order, |payment, now| self.apply(payment, found, now)).await?;
        if found.status.is_open() && !heard.may_hold(&found.id, found.report.attempt) {
            self.give_up_stray(order, &found.id, &now.as_millis().to_string()).await?;
        }
        match about {
            About::Intent => {}
            About::Refunds => {
                self.hear_refunds(&heard, &found.id).await?;
            }
            About::Dispute(dispute) => {
                self.record(order, |payment, now| payment.note_dispute(dispute.clone(), now)).await?;
            }
        }
        Ok(outcome.is_changed() && heard.state.is_ours_to_take())
    }

    fn apply(&self, payment: &mut Payment, found: &FoundIntent, now: Timestamp) -> Outcome<PaymentChange> {
        match &payment.state {
            PaymentState::Authorizing { .. } | PaymentState::AwaitingBuyer { .. } => {
                payment.apply_report(found.report.clone(), self.allowed_declines, now)
            }
            state if state.intent() == Some(&found.id) => payment.apply_intent_status(found.status, now),
            _ => Outcome::Unchanged,
        }
    }

    /// An intent of an attempt that has ended, or of an ended order: nothing may stay set aside on it. Its call was
    /// never answered, or answered too late, or the buyer has the secret of it. Whatever the key, Stripe cancels an
    /// intent once; but it would repeat a failure under the same one, so that `told` tells the tries apart.
    pub(super) async fn give_up_stray(&self, order: OrderId, intent: &IntentId, told: &str) -> Result<(), Interrupted> {
        tracing::warn!(%order, %intent, "an intent of an ended attempt is given up");
        self.stripe.cancel(intent, &format!("{intent}-cancel-{told}")).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
