//! The money of an intent: captured, or released.

use super::{Intent, IntentStatus};
use crate::domain::card::Behaviour;
use crate::domain::refusal::Refusal;

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
        self.take(amount, now);
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
            IntentStatus::Processing | IntentStatus::Succeeded | IntentStatus::Canceled => {
                Err(Refusal::unexpected_state("canceled", self.status))
            }
        }
    }

    /// The merchant has the money now.
    pub(super) fn take(&mut self, amount: i64, now: i64) {
        self.captured = amount;
        self.status = IntentStatus::Succeeded;
        self.queue_status_webhook(now);
        if self.card.as_ref().is_some_and(|card| card.behaviour == Behaviour::IsDisputed) {
            self.withdraw(now);
        }
    }
}
