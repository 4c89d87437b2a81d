use common::events::CancelReason;
use common::order_status::OrderStatus;
use common::outcome::Outcome;
use common::time::Timestamp;

use super::{Order, OrderCancelled};

/// Why a buyer cannot cancel an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CancelRefused {
    /// What is paid stays paid.
    #[error("A complete order cannot be cancelled")]
    Complete,
    /// A payment is being taken.
    #[error("The order is being paid and cannot be cancelled now")]
    BeingPaid,
}

impl Order {
    /// Its buyer calls the order off. One that is off already stays so, for its first reason.
    ///
    /// # Errors
    /// If it is complete, or being paid.
    pub(crate) fn cancel(&mut self, now: Timestamp) -> Result<Outcome<OrderCancelled>, CancelRefused> {
        match self.status() {
            OrderStatus::Created => Ok(Outcome::Changed(self.end(CancelReason::ByBuyer, now, None))),
            OrderStatus::AwaitingPayment => Err(CancelRefused::BeingPaid),
            OrderStatus::Cancelled => Ok(Outcome::Unchanged),
            OrderStatus::Complete => Err(CancelRefused::Complete),
        }
    }

    /// What its ticket is to does not take place: nobody is to pay for it any more. What is paid stays paid, until somebody
    /// gives it back.
    pub(crate) fn call_off(&mut self, now: Timestamp) -> Outcome<OrderCancelled> {
        match self.status() {
            OrderStatus::Created | OrderStatus::AwaitingPayment => {
                Outcome::Changed(self.end(CancelReason::EventCancelled, now, None))
            }
            OrderStatus::Cancelled | OrderStatus::Complete => Outcome::Unchanged,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn an_unpaid_order_is_cancelled_by_its_buyer() {
        let mut order = created();
        let outcome = order.cancel(start()).expect("allowed");
        assert_eq!(outcome, Outcome::Changed(OrderCancelled { reason: CancelReason::ByBuyer }));
        assert_eq!(order.status(), OrderStatus::Cancelled);
        assert_eq!(order.cancel_reason(), Some(CancelReason::ByBuyer));
    }

    #[test]
    fn an_order_that_is_being_paid_cannot_be_cancelled() {
        let mut order = awaiting_payment();
        assert_eq!(order.cancel(start()).expect_err("refused"), CancelRefused::BeingPaid);
        assert_eq!(order, awaiting_payment());
    }

    #[test]
    fn cancelling_twice_changes_nothing() {
        let mut order = cancelled();
        assert_eq!(order.cancel(start()).expect("allowed"), Outcome::Unchanged);
        assert_eq!(order, cancelled());
    }

    #[test]
    fn an_order_to_a_cancelled_event_is_called_off_unless_it_has_ended() {
        for mut order in [created(), awaiting_payment()] {
            let called_off = OrderCancelled { reason: CancelReason::EventCancelled };
            assert_eq!(order.call_off(start()), Outcome::Changed(called_off));
            assert_eq!(order.cancel_reason(), Some(CancelReason::EventCancelled));
        }
        for ended in [complete(), cancelled()] {
            let mut order = ended.clone();
            assert_eq!((order.call_off(start()), order), (Outcome::Unchanged, ended));
        }
    }

    #[test]
    fn a_complete_order_cannot_be_cancelled() {
        let mut order = complete();
        assert_eq!(order.cancel(start()).expect_err("refused"), CancelRefused::Complete);
        assert_eq!(order, complete());
    }
}
