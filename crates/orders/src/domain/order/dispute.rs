use common::events::DisputeStatus;
use common::outcome::Outcome;

use super::{Dispute, Order};

impl Order {
    /// The buyer's bank disputes the payment, or has decided. What it has decided stays, also if word of
    /// the beginning comes after it.
    pub(crate) fn dispute_payment(&mut self, dispute: Dispute) -> Outcome<()> {
        if let Some(present) = &self.dispute {
            let is_same = present.stripe_dispute_id == dispute.stripe_dispute_id;
            let is_late = dispute.status == DisputeStatus::Open && present.status != DisputeStatus::Open;
            if *present == dispute || (is_same && is_late) {
                return Outcome::Unchanged;
            }
        }
        self.dispute = Some(dispute);
        Outcome::Changed(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn a_dispute_is_recorded_and_its_end_stays() {
        let mut order = complete();
        let dispute = |status| Dispute { amount: price(2050), stripe_dispute_id: "dp_1".into(), status };
        assert_eq!(order.dispute_payment(dispute(DisputeStatus::Open)), Outcome::Changed(()));
        assert_eq!(order.dispute_payment(dispute(DisputeStatus::Open)), Outcome::Unchanged);
        assert_eq!(order.dispute_payment(dispute(DisputeStatus::Lost)), Outcome::Changed(()));
        assert_eq!(order.dispute_payment(dispute(DisputeStatus::Open)), Outcome::Unchanged);
        assert_eq!(order.dispute(), Some(&dispute(DisputeStatus::Lost)));
    }
}
