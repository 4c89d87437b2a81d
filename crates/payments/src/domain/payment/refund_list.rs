//! Every refund of a payment that Stripe has told us of: ours, and those that people made in its dashboard.

use common::events::RefundStatus;

use super::Payment;
use crate::domain::{PaymentState, Refund};

/// What a refund was to the list that it has been taken into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listed {
    /// It was not in it.
    New,
    /// It was not in it, and has given nothing back.
    NewAndFailed,
    /// It stood otherwise.
    Moved,
    /// It stood like this, or has gone on since.
    Known,
}

impl Payment {
    /// Takes a refund into the list, or how it stands now.
    pub(super) fn list(&mut self, refund: &Refund) -> Listed {
        if !self.is_taken() {
            return Listed::Known;
        }
        self.list_our_own();
        match self.refunds.iter_mut().find(|known| known.id == refund.id) {
            Some(known) if may_follow(known.status, refund.status) => {
                known.status = refund.status;
                Listed::Moved
            }
            Some(_) => Listed::Known,
            None => {
                self.refunds.push(refund.clone());
                if refund.stands() { Listed::New } else { Listed::NewAndFailed }
            }
        }
    }

    /// The refund with this id, if it is known to have failed.
    pub(super) fn failed_refund(&self, id: &str) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.id == id && !refund.stands())
    }

    /// How much was given back, in minor units, by the refunds that stand like this.
    pub(super) fn given_back(&self, counts: impl Fn(RefundStatus) -> bool) -> u32 {
        let counted = self.refunds.iter().filter(|refund| counts(refund.status));
        counted.map(|refund| refund.amount.minor_units()).sum()
    }

    /// Records of earlier versions have our own refund in their state alone.
    fn list_our_own(&mut self) {
        let (id, status) = match &self.state {
            PaymentState::RefundPending { stripe_refund_id, .. } => (stripe_refund_id, RefundStatus::Pending),
            PaymentState::Refunded { stripe_refund_id, .. } => (stripe_refund_id, RefundStatus::Succeeded),
            PaymentState::RefundFailed { stripe_refund_id: Some(id), .. } => (id, RefundStatus::Failed),
            _ => return,
        };
        if let Some(amount) = self.to_give_back()
            && !self.refunds.iter().any(|known| known.id == *id)
        {
            self.refunds.push(Refund { id: id.clone(), amount, status });
        }
    }

    /// Whether the money was taken, so that it can be given back.
    fn is_taken(&self) -> bool {
        match &self.state {
            PaymentState::Captured { .. }
            | PaymentState::Refunding { .. }
            | PaymentState::RefundPending { .. }
            | PaymentState::Refunded { .. }
            | PaymentState::RefundFailed { .. } => true,
            PaymentState::Authorizing { .. }
            | PaymentState::AwaitingBuyer { .. }
            | PaymentState::Open { .. }
            | PaymentState::Capturing { .. }
            | PaymentState::Voiding { .. }
            | PaymentState::Voided
            | PaymentState::Failed { .. } => false,
        }
    }
}

/// Whether the refund's money has gone back.
pub(super) fn is_back(status: RefundStatus) -> bool {
    status == RefundStatus::Succeeded
}

/// Whether it may yet go back.
pub(super) fn is_on_its_way(status: RefundStatus) -> bool {
    match status {
        RefundStatus::Pending | RefundStatus::Other => true,
        RefundStatus::Succeeded | RefundStatus::Failed => false,
    }
}

/// Whether a refund that stood like `known` can stand like `told` later. Answers overtake one another, and what Stripe
/// has done it does not undo: only the bank may send back what has succeeded.
/// <https://docs.stripe.com/refunds#failed-refunds>
fn may_follow(known: RefundStatus, told: RefundStatus) -> bool {
    match known {
        RefundStatus::Pending | RefundStatus::Other => !is_on_its_way(told),
        RefundStatus::Succeeded => told == RefundStatus::Failed,
        RefundStatus::Failed => false,
    }
}
