use common::events::CancelReason;
use common::order_status::OrderStatus;
use common::outcome::Outcome;
use common::time::Timestamp;

use super::{Order, OrderCancelled};

/// There is still time to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the order is not due yet")]
pub(crate) struct NotDue;

impl Order {
    /// Cancels the order if its time is up and it is still unpaid (invariant I7). An order that
    /// has ended already stays as it is.
    ///
    /// # Errors
    /// If it is open and `now` is before its deadline.
    pub(crate) fn expire(&mut self, now: Timestamp) -> Result<Outcome<OrderCancelled>, NotDue> {
        match self.status() {
            OrderStatus::Created | OrderStatus::AwaitingPayment if now < self.expires_at => Err(NotDue),
            OrderStatus::Created | OrderStatus::AwaitingPayment => {
                Ok(Outcome::Changed(self.end(CancelReason::Expired, now, None)))
            }
            OrderStatus::Complete | OrderStatus::Cancelled => Ok(Outcome::Unchanged),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_open_order_expires_at_its_deadline() {
        for mut order in [created(), awaiting_payment()] {
            let outcome = order.expire(due()).expect("due");
            assert_eq!(outcome, Outcome::Changed(OrderCancelled { reason: CancelReason::Expired }));
            assert_eq!(order.cancel_reason(), Some(CancelReason::Expired));
        }
    }

    #[test]
    fn an_open_order_never_expires_early() {
        for mut order in [created(), awaiting_payment()] {
            let before = order.clone();
            assert_eq!(order.expire(due() - Duration::from_millis(1)).expect_err("early"), NotDue);
            assert_eq!(order, before);
        }
    }

    #[test]
    fn an_order_that_has_ended_does_not_expire() {
        for mut order in [complete(), cancelled()] {
            let before = order.clone();
            assert_eq!(order.expire(due()).expect("ignored"), Outcome::Unchanged);
            assert_eq!(order, before);
        }
    }
}
