//! The buyer's bank may take back what was paid.

use common::events::DisputeStatus;
use common::outcome::Outcome;
use common::time::Timestamp;

use super::Payment;
use crate::domain::{Dispute, PaymentChange, PaymentState};

impl Payment {
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

    /// Whether the buyer's bank has the money, or may get it.
    pub(super) fn is_disputed(&self) -> bool {
        self.dispute.as_ref().is_some_and(Dispute::is_against_us)
    }
}
