use common::events::RefundStatus;
use common::order_status::OrderStatus;
use common::outcome::Outcome;

use super::{Order, Refund};

/// A refund that does not fit what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RefundMismatch {
    /// The order is still open: the event that ends it has not arrived yet.
    #[error("the order is still open")]
    StillOpen,
    /// Another refund came before it (invariant I6: refunded once).
    #[error("the order has been refunded before")]
    SecondRefund,
}

impl Order {
    /// Money taken for the order goes back, which concerns nobody but its buyer. The same again changes
    /// nothing, nor does word of a refund's beginning that comes after its end. After a refund that failed
    /// there may be another.
    ///
    /// # Errors
    /// If the order is open, or has had another refund.
    pub(crate) fn refund(&mut self, refund: Refund) -> Result<Outcome<()>, RefundMismatch> {
        match (self.status(), &self.refund) {
            (OrderStatus::Created | OrderStatus::AwaitingPayment, _) => Err(RefundMismatch::StillOpen),
            (OrderStatus::Complete | OrderStatus::Cancelled, None) => {
                self.refund = Some(refund);
                Ok(Outcome::Changed(()))
            }
            (_, Some(present)) if present.is_followed_by(&refund) => {
                self.refund = Some(refund);
                Ok(Outcome::Changed(()))
            }
            (_, Some(present)) if present.stripe_refund_id == refund.stripe_refund_id => Ok(Outcome::Unchanged),
            (_, Some(_)) => Err(RefundMismatch::SecondRefund),
        }
    }
}

impl Refund {
    fn is_followed_by(&self, next: &Self) -> bool {
        if self.stripe_refund_id != next.stripe_refund_id {
            return self.status == RefundStatus::Failed;
        }
        match self.status {
            RefundStatus::Pending | RefundStatus::Other => self.status != next.status,
            // A bank may send back what it had taken.
            RefundStatus::Succeeded => next.status == RefundStatus::Failed,
            RefundStatus::Failed => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn an_order_that_has_ended_records_its_refund_once() {
        for mut order in [complete(), cancelled()] {
            assert_eq!(order.refund(refund()).expect("allowed"), Outcome::Changed(()));
            assert_eq!(order.refunded(), Some(&refund()));
            assert_eq!(order.refund(refund()).expect("ignored"), Outcome::Unchanged);
            let another = Refund { stripe_refund_id: "re_2".into(), ..refund() };
            assert_eq!(order.refund(another).expect_err("refused"), RefundMismatch::SecondRefund);
            assert_eq!(order.refunded(), Some(&refund()));
        }
    }

    #[test]
    fn a_refund_is_followed_from_pending_to_its_end() {
        let with = |status| Refund { status, ..refund() };
        let mut order = cancelled();
        for status in [RefundStatus::Pending, RefundStatus::Succeeded, RefundStatus::Failed] {
            assert_eq!(order.refund(with(status)).expect("allowed"), Outcome::Changed(()), "{status:?}");
        }
        assert_eq!(order.refund(with(RefundStatus::Pending)).expect("late"), Outcome::Unchanged);
        assert_eq!(order.refunded(), Some(&with(RefundStatus::Failed)));
        let another = Refund { stripe_refund_id: "re_2".into(), ..refund() };
        assert_eq!(order.refund(another.clone()).expect("tried again"), Outcome::Changed(()));
        assert_eq!(order.refunded(), Some(&another));
    }

    #[test]
    fn an_open_order_has_nothing_to_refund_yet() {
        for mut order in [created(), awaiting_payment()] {
            assert_eq!(order.refund(refund()).expect_err("refused"), RefundMismatch::StillOpen);
        }
    }
}
