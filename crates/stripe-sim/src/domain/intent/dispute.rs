//! Chargebacks.

use super::{Intent, IntentStatus};
use crate::domain::dispute::{Dispute, DisputeStatus};
use crate::domain::refusal::Refusal;
use crate::domain::render::render_dispute;

impl Intent {
    /// The buyer's bank takes back what the buyer does not have already.
    pub(crate) fn open_dispute(&mut self, now: i64) -> Result<(), Refusal> {
        if self.status != IntentStatus::Succeeded {
            return Err(Refusal::not_charged(&self.id));
        }
        if self.dispute.is_some() {
            return Err(Refusal::charge_disputed(&self.charge_id()));
        }
        if self.refunded() == self.captured {
            return Err(Refusal::already_refunded(&self.charge_id()));
        }
        self.withdraw(now);
        Ok(())
    }

    /// The dispute is decided. If it is won, the bank gives the money back.
    pub(crate) fn close_dispute(&mut self, is_won: bool, now: i64) -> Result<(), Refusal> {
        let unknown = Refusal::no_such("dispute", &self.id);
        let dispute = self.dispute.as_mut().filter(|dispute| dispute.status == DisputeStatus::NeedsResponse);
        let dispute = dispute.ok_or(unknown)?;
        dispute.status = if is_won { DisputeStatus::Won } else { DisputeStatus::Lost };
        self.queue_dispute_webhook("charge.dispute.closed", now);
        if is_won {
            self.queue_dispute_webhook("charge.dispute.funds_reinstated", now);
        }
        Ok(())
    }

    /// What the buyer's bank has taken back.
    pub(crate) fn withdrawn(&self) -> i64 {
        self.dispute.as_ref().map_or(0, Dispute::withdrawn)
    }

    pub(super) fn withdraw(&mut self, now: i64) {
        let amount = self.captured - self.refunded();
        let status = DisputeStatus::NeedsResponse;
        self.dispute = Some(Dispute { id: Dispute::id_for(&self.id), amount, created: now, status });
        self.queue_dispute_webhook("charge.dispute.created", now);
        self.queue_dispute_webhook("charge.dispute.funds_withdrawn", now);
    }

    fn queue_dispute_webhook(&mut self, kind: &str, now: i64) {
        if let Some(dispute) = self.dispute.clone() {
            self.queue_webhook_about(kind, &render_dispute(self, &dispute), now);
        }
    }
}
