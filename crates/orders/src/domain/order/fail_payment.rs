use common::events::CancelReason;
use common::time::Timestamp;
use runtime::store::Change;

use super::{AlreadyComplete, Failure, Order, State};

impl Order {
    /// No payment will succeed any more: the order is off and says why. One that is off already
    /// stays so, for its first reason.
    ///
    /// # Errors
    /// If it is complete, which contradicts the news.
    pub(crate) fn fail_payment(&mut self, now: Timestamp, failure: Failure) -> Result<Change, AlreadyComplete> {
        match self.state {
            State::Created | State::AwaitingPayment => {
                Ok(Change::Commit(self.end(CancelReason::PaymentFailed, now, Some(failure))))
            }
            State::Cancelled { .. } => Ok(Change::Keep),
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
    fn an_open_order_is_cancelled_with_the_reason_of_the_refusal() {
        for mut order in [created(), awaiting_payment()] {
            let events = told(order.fail_payment(start(), declined()).expect("allowed")).expect("a change");
            assert_eq!(events[0].0, "orders.cancelled");
            assert_eq!(events[0].1["reason"], "payment-failed");
            assert_eq!(order.failure(), Some(&declined()));
        }
    }

    #[test]
    fn a_cancelled_order_keeps_its_first_reason() {
        let mut order = cancelled();
        assert_eq!(told(order.fail_payment(start(), declined()).expect("ignored")), None);
        assert_eq!(order, cancelled());
    }

    #[test]
    fn a_complete_order_cannot_have_failed() {
        let mut order = complete();
        assert_eq!(order.fail_payment(start(), declined()).expect_err("refused"), AlreadyComplete);
        assert_eq!(order, complete());
    }
}
