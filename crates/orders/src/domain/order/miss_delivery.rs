use common::delivery::DeliveryPromise;
use common::events::CancelReason;
use common::outcome::Outcome;
use common::time::Timestamp;

use super::{NotYet, Order, OrderCancelled, State};

impl Order {
    /// Its seller has not delivered the ticket in time: the order is off, and its payment has to go back. Only what is
    /// paid can be missed; any other order stays as it is.
    ///
    /// Until that moment has come by our own clock too, the ticket could be ordered again.
    ///
    /// # Errors
    /// If it has not.
    pub(crate) fn cancel_undelivered(&mut self, now: Timestamp) -> Result<Outcome<OrderCancelled>, NotYet> {
        let State::Complete { payment } = &self.state else { return Ok(Outcome::Unchanged) };
        if matches!(self.ticket.details.delivery, Some(DeliveryPromise::Later { until }) if now < until) {
            return Err(NotYet::NotDue);
        }
        let payment = payment.clone();
        let cancelled = self.end(CancelReason::NotDelivered, now, None);
        if let State::Cancelled { cancellation } = &mut self.state {
            // News of this payment, which may come again, is no news of another one.
            cancellation.late_payment = Some(payment);
        }
        Ok(Outcome::Changed(cancelled))
    }
}

#[cfg(test)]
mod tests {
    use common::erasure::UnderWay;
    use common::id::IdGenerator;
    use common::order_status::OrderStatus;

    use super::super::Payment;
    use super::super::testing::*;
    use super::*;

    fn promised() -> Order {
        let mut order = complete();
        order.ticket.details.delivery = Some(DeliveryPromise::Later { until: due() });
        order
    }

    #[test]
    fn what_is_paid_and_never_comes_is_cancelled_once() {
        let mut order = promised();
        assert_eq!(order.cancel_undelivered(start()), Err(NotYet::NotDue));
        assert_eq!(order, promised());
        let cancelled = OrderCancelled { reason: CancelReason::NotDelivered };
        assert_eq!(order.cancel_undelivered(due()), Ok(Outcome::Changed(cancelled)));
        assert_eq!((order.status(), order.cancel_reason()), (OrderStatus::Cancelled, Some(CancelReason::NotDelivered)));
        assert_eq!(order.cancel_undelivered(due()), Ok(Outcome::Unchanged));
        assert_eq!(order.given_up_at(), None, "its buyer has not given it up");
    }

    #[test]
    fn what_is_not_paid_cannot_be_missed() {
        for mut order in [created(), awaiting_payment(), cancelled()] {
            let before = order.clone();
            assert_eq!(order.cancel_undelivered(due()), Ok(Outcome::Unchanged));
            assert_eq!(order, before);
        }
    }

    #[test]
    fn its_payment_goes_back_and_is_not_taken_for_another() {
        let mut order = promised();
        assert!(order.cancel_undelivered(due()).expect("is due").is_changed());
        assert_eq!(order.late_payment(), Some(&payment()));
        let before = order.clone();
        assert_eq!(order.complete(payment()).expect("is known"), Outcome::Unchanged);
        assert_eq!(order, before);
        let another = Payment { id: IdGenerator::seeded(99).next(start()), ..payment() };
        assert!(order.complete(another).is_err());
        assert_eq!(order.under_way(due()), Some(UnderWay::Refund));
        assert!(order.refund([refund()]).expect("fits").is_changed());
        assert_eq!(order.under_way(due()), None);
    }
}
