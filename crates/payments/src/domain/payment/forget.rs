use common::outcome::Outcome;
use common::payment_status::PaymentStatus;
use common::time::Timestamp;

use super::Payment;

impl Payment {
    /// Whether no money is under way.
    pub(crate) fn is_at_rest(&self, now: Timestamp) -> bool {
        matches!(self.status(now), PaymentStatus::NotCharged | PaymentStatus::Captured | PaymentStatus::Refunded)
    }

    /// The amounts stay; the buyer's card is forgotten.
    pub(crate) fn forget_card(&mut self, now: Timestamp) -> Outcome<()> {
        if self.card.is_none() || !self.is_at_rest(now) {
            return Outcome::Unchanged;
        }
        self.card = None;
        Outcome::Changed(())
    }
}
