//! How money goes back to the buyer, or fails to.

use super::{Intent, IntentStatus};
use crate::domain::card::Behaviour;
use crate::domain::refund::{Refund, RefundFate, RefundStatus, Settlement};
use crate::domain::refusal::Refusal;
use crate::domain::render::{render_charge, render_refund};

/// How long refunds take that do not end at once, in seconds.
const SETTLES_AFTER: i64 = 5;

/// What is asked for.
#[derive(Default)]
pub(crate) struct NewRefund {
    /// All that is left, if it is not said.
    pub(crate) amount: Option<i64>,
    pub(crate) reason: Option<String>,
    pub(crate) metadata: Vec<(String, String)>,
    /// What becomes of it, if not what the card says.
    pub(crate) fate: Option<RefundFate>,
}

impl Intent {
    /// Refunds captured money.
    pub(crate) fn refund(&mut self, new: NewRefund, now: i64) -> Result<Refund, Refusal> {
        let fate = new.fate.or_else(|| self.fate_by_card());
        if let Some(RefundFate::Refused(refusal)) = fate {
            return Err(Refusal::not_refunded(refusal, &self.charge_id()));
        }
        let amount = self.refundable(new.amount)?;
        let (status, settlement) = start(fate);
        let refund = Refund {
            id: Refund::id_for(&self.id, self.refunds.len()),
            amount,
            created: now,
            reason: new.reason,
            metadata: new.metadata,
            status,
            settlement: settlement.map(|status| Settlement { at: now + SETTLES_AFTER, status }),
        };
        self.refunds.push(refund.clone());
        let object = render_refund(self, &refund);
        self.queue_webhook_about("refund.created", &object, now);
        if refund.is_alive() {
            self.queue_webhook_about("charge.refunded", &render_charge(self), now);
        } else {
            self.queue_webhook_about("refund.failed", &object, now);
        }
        Ok(refund)
    }

    /// A refund ends, or turns out to have failed.
    pub(crate) fn settle_refund(&mut self, id: &str, status: RefundStatus, now: i64) -> Result<(), Refusal> {
        let Some(refund) = self.refunds.iter_mut().find(|refund| refund.id == id) else {
            return Err(Refusal::no_such("refund", id));
        };
        if !refund.status.can_become(status) {
            return Err(Refusal::refund_state(refund.status));
        }
        (refund.status, refund.settlement) = (status, None);
        let refund = refund.clone();
        let object = render_refund(self, &refund);
        self.queue_webhook_about("charge.refund.updated", &object, now);
        self.queue_webhook_about("refund.updated", &object, now);
        if status == RefundStatus::Failed {
            self.queue_webhook_about("refund.failed", &object, now);
        }
        Ok(())
    }

    /// Whether the time of a refund has come.
    pub(crate) fn has_due(&self, now: i64) -> bool {
        self.settlements().any(|(_, settlement)| settlement.at <= now)
    }

    /// Settles the refunds whose time has come.
    pub(crate) fn settle_due(&mut self, now: i64) {
        let due: Vec<_> = self.settlements().filter(|(_, settlement)| settlement.at <= now).collect();
        for (id, settlement) in due {
            // Cannot be refused: a settlement is dropped with every other change of its refund.
            let _ = self.settle_refund(&id, settlement.status, now);
        }
    }

    /// What is with the buyer, or on its way.
    pub(crate) fn refunded(&self) -> i64 {
        self.refunds.iter().filter(|refund| refund.is_alive()).map(|refund| refund.amount).sum()
    }

    pub(super) fn settlements(&self) -> impl Iterator<Item = (String, Settlement)> {
        self.refunds.iter().filter_map(|refund| Some((refund.id.clone(), refund.settlement?)))
    }

    fn fate_by_card(&self) -> Option<RefundFate> {
        match self.card.as_ref()?.behaviour {
            Behaviour::RefundsPend => Some(RefundFate::PendsThen(RefundStatus::Succeeded)),
            Behaviour::RefundsFail => Some(RefundFate::FailsLater),
            Behaviour::Good
            | Behaviour::IsDisputed
            | Behaviour::Declined { .. }
            | Behaviour::NeedsAuthentication
            | Behaviour::DeclinedAfterAuthentication { .. } => None,
        }
    }

    /// The amount that can be refunded of the one that is asked for.
    fn refundable(&self, amount: Option<i64>) -> Result<i64, Refusal> {
        if self.status != IntentStatus::Succeeded {
            return Err(Refusal::not_charged(&self.id));
        }
        if self.withdrawn() > 0 {
            return Err(Refusal::charge_disputed(&self.charge_id()));
        }
        let left = self.captured - self.refunded();
        match amount.unwrap_or(left) {
            _ if left == 0 => Err(Refusal::already_refunded(&self.charge_id())),
            amount if amount < 1 => Err(Refusal::invalid(
                "amount",
                "parameter_invalid_integer",
                "This value must be greater than or equal to 1.",
            )),
            amount if amount > left => Err(Refusal::invalid(
                "amount",
                "amount_too_large",
                &format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"),
            )),
            amount => Ok(amount),
        }
    }
}

/// The status a refund begins with, and the one it has later.
fn start(fate: Option<RefundFate>) -> (RefundStatus, Option<RefundStatus>) {
    match fate {
        None | Some(RefundFate::Refused(_)) => (RefundStatus::Succeeded, None),
        Some(RefundFate::Pends | RefundFate::PendsThen(RefundStatus::Pending)) => (RefundStatus::Pending, None),
        Some(RefundFate::PendsThen(status)) => (RefundStatus::Pending, Some(status)),
        Some(RefundFate::FailsLater) => (RefundStatus::Succeeded, Some(RefundStatus::Failed)),
        Some(RefundFate::Fails) => (RefundStatus::Failed, None),
    }
}
