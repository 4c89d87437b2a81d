use common::events::CancelReason;
use common::order_status::OrderStatus;
use common::outcome::Outcome;
use common::time::Timestamp;

use super::{Order, OrderCancelled};

/// What is paid stays paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A complete order cannot be cancelled")]
pub(crate) struct AlreadyComplete;

impl Order {
    /// Calls the order off. One that is off already stays so, for its first reason.
    ///
    /// # Errors
    /// If it is complete.
    pub(crate) fn cancel(
        &mut self,
        now: Timestamp,
        reason: CancelReason,
    ) -> Result<Outcome<OrderCancelled>, AlreadyComplete> {
        match self.status() {
            OrderStatus::Created | OrderStatus::AwaitingPayment => Ok(Outcome::Changed(self.end(reason, now, None))),
            OrderStatus::Cancelled => Ok(Outcome::Unchanged),
            OrderStatus::Complete => Err(AlreadyComplete),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn an_open_order_is_cancelled_for_the_reason_given() {
        for mut order in [created(), awaiting_payment()] {
            let outcome = order.cancel(start(), CancelReason::ByBuyer).expect("allowed");
            assert_eq!(outcome, Outcome::Changed(OrderCancelled { reason: CancelReason::ByBuyer }));
            assert_eq!(order.status(), OrderStatus::Cancelled);
            assert_eq!(order.cancel_reason(), Some(CancelReason::ByBuyer));
        }
    }

    #[test]
    fn cancelling_twice_changes_nothing() {
        let mut order = cancelled();
        assert_eq!(order.cancel(start(), CancelReason::ByBuyer).expect("allowed"), Outcome::Unchanged);
        assert_eq!(order, cancelled());
    }

    #[test]
    fn a_complete_order_cannot_be_cancelled() {
        let mut order = complete();
        assert_eq!(order.cancel(start(), CancelReason::ByBuyer).expect_err("refused"), AlreadyComplete);
        assert_eq!(order, complete());
    }
}
