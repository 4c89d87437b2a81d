use common::events::CancelReason;
use common::mutant::{self, Mutant};
use common::order_status::OrderStatus;
use common::time::Timestamp;
use runtime::store::Change;

use super::Order;

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
    pub(crate) fn expire(&mut self, now: Timestamp) -> Result<Change, NotDue> {
        let is_early = now < self.expires_at && !mutant::is_active(Mutant::EarlyExpiryBelieved);
        match self.status() {
            OrderStatus::Created | OrderStatus::AwaitingPayment if is_early => Err(NotDue),
            OrderStatus::Created | OrderStatus::AwaitingPayment => {
                Ok(Change::Commit(self.end(CancelReason::Expired, now, None)))
            }
            OrderStatus::Complete | OrderStatus::Cancelled => Ok(Change::Keep),
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
            let events = told(order.expire(due()).expect("due")).expect("a change");
            assert_eq!(events[0].0, "orders.cancelled");
            assert_eq!(events[0].1["reason"], "expired");
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
            assert_eq!(told(order.expire(due()).expect("ignored")), None);
            assert_eq!(order, before);
        }
    }
}
