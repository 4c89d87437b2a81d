use common::events::CancelReason;
use common::outcome::Outcome;
use common::time::Timestamp;

use super::{Failure, Order, OrderCancelled, State};

/// What is paid cannot fail to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AlreadyComplete;

impl Order {
    /// No payment will succeed any more: the order is off and says why. If its time is up by then, that is why. One
    /// that is off already stays so, for its first reason.
    ///
    /// # Errors
    /// If it is complete, which contradicts that.
    pub(crate) fn fail_payment(
        &mut self,
        now: Timestamp,
        failure: Failure,
    ) -> Result<Outcome<OrderCancelled>, AlreadyComplete> {
        match self.state {
            State::Created | State::AwaitingPayment if now >= self.expires_at => {
                Ok(Outcome::Changed(self.end(CancelReason::Expired, now, None)))
            }
            State::Created | State::AwaitingPayment => {
                Ok(Outcome::Changed(self.end(CancelReason::PaymentFailed, now, Some(failure))))
            }
            State::Cancelled { .. } => Ok(Outcome::Unchanged),
            State::Complete { .. } => Err(AlreadyComplete),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    fn declined() -> Failure {
        Failure("Your card was declined.".into())
    }

    #[test]
    fn an_open_order_is_cancelled_and_says_why_its_payment_failed() {
        for mut order in [created(), awaiting_payment()] {
            let outcome = order.fail_payment(start(), declined()).expect("allowed");
            assert_eq!(outcome, Outcome::Changed(OrderCancelled { reason: CancelReason::PaymentFailed }));
            assert_eq!(order.failure(), Some(&declined()));
        }
    }

    #[test]
    fn an_order_whose_time_is_up_has_expired_whatever_its_payment_says() {
        for mut order in [created(), awaiting_payment()] {
            let outcome = order.fail_payment(due(), Failure("Order has expired".into())).expect("allowed");
            assert_eq!(outcome, Outcome::Changed(OrderCancelled { reason: CancelReason::Expired }));
            assert_eq!(order.failure(), None, "no bank has declined anything");
        }
    }

    #[test]
    fn a_cancelled_order_keeps_its_first_reason() {
        let mut order = cancelled();
        assert_eq!(order.fail_payment(start(), declined()).expect("ignored"), Outcome::Unchanged);
        assert_eq!(order, cancelled());
    }

    #[test]
    fn a_complete_order_cannot_have_failed() {
        let mut order = complete();
        assert_eq!(order.fail_payment(start(), declined()).expect_err("refused"), AlreadyComplete);
        assert_eq!(order, complete());
    }
}
