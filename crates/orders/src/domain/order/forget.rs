use common::erasure::UnderWay;
use common::events::{DisputeStatus, RefundStatus};
use common::id::UserId;
use common::order_status::OrderStatus;
use common::outcome::Outcome;
use common::time::Timestamp;

use super::Order;

impl Order {
    /// What is under way of it: neither its buyer nor its seller goes while something is.
    pub(crate) fn under_way(&self, now: Timestamp) -> Option<UnderWay> {
        self.money_under_way().or_else(|| {
            let is_to_come = self.ticket.details.starts_at.is_some_and(|starts_at| now < starts_at);
            (self.is_complete() && is_to_come).then_some(UnderWay::EventToCome)
        })
    }

    fn money_under_way(&self) -> Option<UnderWay> {
        if self.status().is_open() {
            return Some(UnderWay::Reservation);
        }
        if self.dispute.as_ref().is_some_and(|dispute| !is_decided(dispute.status)) {
            return Some(UnderWay::Dispute);
        }
        let is_owed = match self.refunded() {
            // Not heard of yet: what came late goes back.
            None => self.late_payment().is_some(),
            Some((status, _)) => status != RefundStatus::Succeeded,
        };
        is_owed.then_some(UnderWay::Refund)
    }

    /// What others need of it stays: what was bought, and for how much. Whose it was is forgotten, as soon as no money
    /// is under way.
    pub(crate) fn forget_buyer(&mut self) -> Outcome<()> {
        if self.user_id == UserId::NOBODY || self.money_under_way().is_some() {
            return Outcome::Unchanged;
        }
        self.user_id = UserId::NOBODY;
        Outcome::Changed(())
    }

    fn is_complete(&self) -> bool {
        self.status() == OrderStatus::Complete
    }
}

fn is_decided(status: DisputeStatus) -> bool {
    matches!(status, DisputeStatus::Won | DisputeStatus::Lost)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::super::{Dispute, Refund};
    use super::*;

    fn refund(status: RefundStatus) -> Refund {
        Refund { amount: price(2050), stripe_refund_id: "re_1".into(), status }
    }

    #[test]
    fn an_order_keeps_its_buyer_until_its_money_is_at_rest() {
        let mut open = created().in_slot(Some(1));
        assert_eq!(open.under_way(start()), Some(UnderWay::Reservation));
        assert_eq!(open.forget_buyer(), Outcome::Unchanged);
        assert!(open.cancel(start()).expect("may be").is_changed());
        assert_eq!((open.under_way(start()), open.forget_buyer()), (None, Outcome::Changed(())));
        assert_eq!((open.user_id, open.forget_buyer()), (UserId::NOBODY, Outcome::Unchanged));
    }

    #[test]
    fn money_that_goes_back_is_waited_for() {
        for status in [RefundStatus::Pending, RefundStatus::Failed] {
            let mut order = complete();
            assert!(order.refund([refund(status)]).expect("fits").is_changed());
            assert_eq!((order.under_way(start()), order.forget_buyer()), (Some(UnderWay::Refund), Outcome::Unchanged));
        }
        let mut order = complete();
        assert!(order.refund([refund(RefundStatus::Succeeded)]).expect("fits").is_changed());
        assert_eq!((order.under_way(start()), order.forget_buyer()), (None, Outcome::Changed(())));
        let mut late = created();
        assert!(late.cancel(start()).expect("may be").is_changed());
        assert!(late.complete(payment()).expect("is asked back").is_changed());
        assert_eq!(late.under_way(start()), Some(UnderWay::Refund), "nobody has heard of it yet");
    }

    #[test]
    fn a_dispute_is_waited_for_until_it_is_decided() {
        let dispute = |status| Dispute { amount: price(2050), stripe_dispute_id: "dp_1".into(), status };
        let mut order = complete();
        assert!(order.dispute_payment(dispute(DisputeStatus::Open)).is_changed());
        assert_eq!((order.under_way(start()), order.forget_buyer()), (Some(UnderWay::Dispute), Outcome::Unchanged));
        assert!(order.dispute_payment(dispute(DisputeStatus::Lost)).is_changed());
        assert_eq!(order.forget_buyer(), Outcome::Changed(()));
    }

    #[test]
    fn whoever_goes_to_an_event_that_is_to_come_is_told_so() {
        let mut order = complete();
        order.ticket.details.starts_at = Some(due());
        assert_eq!((order.under_way(start()), order.under_way(due())), (Some(UnderWay::EventToCome), None));
        assert_eq!(order.forget_buyer(), Outcome::Changed(()), "who was erased all the same is forgotten");
        let mut cancelled = created();
        cancelled.ticket.details.starts_at = Some(due());
        assert!(cancelled.cancel(start()).expect("may be").is_changed());
        assert_eq!(cancelled.under_way(start()), None);
    }
}
