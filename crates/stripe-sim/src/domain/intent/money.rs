//! The money of an intent: captured, released, refunded.

use super::{Intent, IntentStatus};
use crate::domain::refund::Refund;
use crate::domain::refusal::Refusal;
use crate::domain::render::{render_charge, render_refund};

impl Intent {
    /// Captures the authorised money, or a part of it.
    pub(crate) fn capture(&mut self, amount: Option<i64>, now: i64) -> Result<(), Refusal> {
        if self.status != IntentStatus::RequiresCapture {
            return Err(Refusal::unexpected_state("captured", self.status));
        }
        let amount = amount.unwrap_or(self.amount);
        if !(1..=self.amount).contains(&amount) {
            return Err(Refusal::invalid(
                "amount_to_capture",
                "parameter_invalid_integer",
                "This amount cannot be captured: it is more than was authorized, or nothing.",
            ));
        }
        self.captured = amount;
        self.status = IntentStatus::Succeeded;
        self.queue_status_webhook(now);
        Ok(())
    }

    /// Releases what is not captured.
    pub(crate) fn cancel(&mut self, reason: Option<String>, now: i64) -> Result<(), Refusal> {
        match self.status {
            IntentStatus::RequiresPaymentMethod | IntentStatus::RequiresAction | IntentStatus::RequiresCapture => {
                self.status = IntentStatus::Canceled;
                self.canceled_at = Some(now);
                self.cancellation_reason = reason;
                self.queue_status_webhook(now);
                Ok(())
            }
            IntentStatus::Succeeded | IntentStatus::Canceled => Err(Refusal::unexpected_state("canceled", self.status)),
        }
    }

    /// Refunds captured money: `amount`, or all that is left.
    pub(crate) fn refund(
        &mut self,
        amount: Option<i64>,
        reason: Option<String>,
        metadata: Vec<(String, String)>,
        now: i64,
    ) -> Result<Refund, Refusal> {
        if self.status != IntentStatus::Succeeded {
            return Err(Refusal::not_charged(&self.id));
        }
        let left = self.captured - self.refunded();
        if left == 0 {
            return Err(Refusal::already_refunded(&self.id));
        }
        let amount = amount.unwrap_or(left);
        if amount < 1 {
            return Err(Refusal::invalid(
                "amount",
                "parameter_invalid_integer",
                "This value must be greater than or equal to 1.",
            ));
        }
        if amount > left {
            return Err(Refusal::invalid(
                "amount",
                "amount_too_large",
                &format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"),
            ));
        }
        let refund =
            Refund { id: Refund::id_for(&self.id, self.refunds.len()), amount, created: now, reason, metadata };
        self.refunds.push(refund.clone());
        self.queue_webhook_about("refund.created", &render_refund(self, &refund), now);
        self.queue_webhook_about("charge.refunded", &render_charge(self), now);
        Ok(refund)
    }

    pub(crate) fn refunded(&self) -> i64 {
        self.refunds.iter().map(|refund| refund.amount).sum()
    }
}
