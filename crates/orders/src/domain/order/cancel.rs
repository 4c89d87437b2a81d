use common::events::CancelReason;
use common::order_status::OrderStatus;
use common::time::Timestamp;
use runtime::store::Change;

use super::Order;

/// What is paid stays paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A complete order cannot be cancelled")]
pub(crate) struct AlreadyComplete;

impl Order {
    /// Calls the order off. One that is off already stays so, for its first reason.
    ///
    /// # Errors
    /// If it is complete.
    pub(crate) fn cancel(&mut self, now: Timestamp, reason: CancelReason) -> Result<Change, AlreadyComplete> {
        match self.status() {
            OrderStatus::Created | OrderStatus::AwaitingPayment => Ok(Change::Commit(self.end(reason, now, None))),
            OrderStatus::Cancelled => Ok(Change::Keep),
            OrderStatus::Complete => Err(AlreadyComplete),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use serde_json::json;

    #[test]
    fn an_open_order_is_cancelled_and_says_so() {
        for mut order in [created(), awaiting_payment()] {
            let events = told(order.cancel(start(), CancelReason::ByBuyer).expect("allowed")).expect("a change");
            let payload =
                json!({"id": order.id, "version": 0, "reason": "by-buyer", "ticket": {"id": order.ticket.id}});
            assert_eq!(events, [("orders.cancelled", payload)]);
            assert_eq!(order.status(), OrderStatus::Cancelled);
            assert_eq!(order.cancel_reason(), Some(CancelReason::ByBuyer));
        }
    }

    #[test]
    fn cancelling_twice_changes_nothing() {
        let mut order = cancelled();
        assert_eq!(told(order.cancel(start(), CancelReason::ByBuyer).expect("allowed")), None);
        assert_eq!(order, cancelled());
    }

    #[test]
    fn a_complete_order_cannot_be_cancelled() {
        let mut order = complete();
        assert_eq!(order.cancel(start(), CancelReason::ByBuyer).expect_err("refused"), AlreadyComplete);
        assert_eq!(order, complete());
    }
}
