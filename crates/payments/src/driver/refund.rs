//! Gives the money of a cancelled order back.

use runtime::crash_point::{CrashPoint, crash_point};

use super::{Driver, Interrupted};
use crate::domain::{IntentId, Payment};
use crate::stripe::{RefundReply, Unknown};

impl Driver {
    /// Gives the money back. Repeated with the same key it finds out what became of the first time.
    pub(super) async fn refund(&self, payment: &Payment, intent: &IntentId, key: u32) -> Result<Payment, Interrupted> {
        let Some(amount) = payment.to_give_back() else {
            return Ok(self.record(payment.id, Payment::refunded_by_others).await?);
        };
        crash_point(CrashPoint::RefundRecorded);
        let reply = self.stripe.refund(intent, amount, &payment.refund_key(key)).await;
        crash_point(CrashPoint::Refunded);
        match reply? {
            RefundReply::Made(refund) => {
                Ok(self.record(payment.id, |payment, now| payment.refund_made(refund.clone(), now)).await?)
            }
            RefundReply::Refused => self.find_another_way(payment, intent, key).await,
            RefundReply::Disputed => self.leave_to_the_bank(payment).await,
        }
    }

    /// The bank decides, unless it has done so just now: then it is asked for later.
    async fn leave_to_the_bank(&self, payment: &Payment) -> Result<Payment, Interrupted> {
        let recorded = self.record(payment.id, Payment::refund_disputed).await?;
        if recorded.state.is_unfinished() { Err(Unknown::refused().into()) } else { Ok(recorded) }
    }

    /// Asks how a refund stands that was on its way.
    pub(super) async fn follow_refund(&self, payment: &Payment, id: &str) -> Result<Payment, Interrupted> {
        let refund = self.stripe.find_refund(id).await?;
        Ok(self.record(payment.id, |payment, now| payment.hear_refund(refund.clone(), now)).await?)
    }

    /// Stripe repeats a refusal under the same key for a day. Perhaps the money has been given back before: then
    /// that refund is followed. If not, it is asked for later, under another key.
    async fn find_another_way(&self, payment: &Payment, intent: &IntentId, key: u32) -> Result<Payment, Interrupted> {
        let heard = self.hear_refunds(payment, intent).await?;
        if heard.state != payment.state {
            return Ok(heard);
        }
        self.record(payment.id, |payment, now| payment.refund_refused(key, now)).await?;
        Err(Unknown::refused().into())
    }

    /// Asks Stripe which refunds there are, and records them.
    pub(super) async fn hear_refunds(&self, payment: &Payment, intent: &IntentId) -> Result<Payment, Interrupted> {
        let mut heard = payment.clone();
        for refund in self.stripe.refunds(intent).await? {
            heard = self.record(payment.id, |payment, now| payment.hear_refund(refund.clone(), now)).await?;
        }
        Ok(heard)
    }
}

#[cfg(test)]
mod tests;
