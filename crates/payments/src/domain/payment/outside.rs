//! What others do with the money once it is taken: people in Stripe's dashboard, and the buyer's bank.

use common::events::{DisputeStatus, RefundStatus};
use common::outcome::Outcome;
use common::time::Timestamp;

use super::Payment;
use crate::domain::{Dispute, PaymentChange, PaymentState, Refund};

impl Payment {
    /// Somebody has given money back at Stripe, or their refund stands otherwise than before.
    pub(super) fn note_outside_refund(&mut self, refund: Refund) -> Outcome<PaymentChange> {
        let is_new = !self.is_known_outside(&refund.id);
        // A new one that has failed changed nothing that we know of.
        if is_new && refund.stands() {
            self.outside_refunds.push(refund.clone());
        } else if !self.update_outside_refund(&refund) {
            return Outcome::Unchanged;
        }
        // What is left to be given back is another amount now, which needs another key.
        if let PaymentState::Refunding { key, .. } = &mut self.state {
            *key += 1;
        }
        Outcome::Changed(PaymentChange::RefundedOutside { refund, is_new })
    }

    /// A refund that others made may stand otherwise than before. Returns whether it does.
    pub(super) fn update_outside_refund(&mut self, refund: &Refund) -> bool {
        let mut known = self.outside_refunds.iter_mut().filter(|known| known.id == refund.id);
        let changed = known.find(|known| known.status != refund.status);
        changed.is_some_and(|known| {
            known.status = refund.status;
            true
        })
    }

    /// The buyer's bank disputes the payment, or a dispute has ended. Once it has ended in our favour, Stripe
    /// lets us give the money of a cancelled order back.
    pub(crate) fn note_dispute(&mut self, dispute: Dispute, now: Timestamp) -> Outcome<PaymentChange> {
        let is_new = match &self.dispute {
            Some(known) if !known.is_changed_by(&dispute) => return Outcome::Unchanged,
            Some(known) => known.id != dispute.id,
            None => true,
        };
        if let PaymentState::RefundFailed { intent, stripe_refund_id: None, key } = &self.state
            && dispute.status == DisputeStatus::Won
        {
            let state = PaymentState::Refunding { intent: intent.clone(), key: key + 1 };
            self.set_state(state, now);
        }
        self.dispute = Some(dispute.clone());
        Outcome::Changed(PaymentChange::Disputed { dispute, is_new })
    }

    /// How much others have given back, in minor units, of the refunds that stand like this.
    pub(super) fn given_back(&self, counts: impl Fn(RefundStatus) -> bool) -> u32 {
        let counted = self.outside_refunds.iter().filter(|refund| counts(refund.status));
        counted.map(|refund| refund.amount.minor_units()).sum()
    }

    pub(super) fn is_known_outside(&self, refund: &str) -> bool {
        self.outside_refunds.iter().any(|known| known.id == refund)
    }

    /// Whether the buyer's bank has the money, or may get it.
    pub(super) fn is_disputed(&self) -> bool {
        self.dispute.as_ref().is_some_and(Dispute::is_against_us)
    }
}
