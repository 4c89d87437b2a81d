use common::events::{CancelReason, NewEvent, OrderCompleted, TicketRef};
use common::money::Price;
use runtime::store::Change;

use super::{Order, Payment, State};

/// Money was captured that this order has no place for. A person has to look at it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PaymentMismatch {
    /// It is not what the ticket costs.
    #[error("{paid} was captured for an order of {price}")]
    WrongAmount {
        /// What was captured.
        paid: Price,
        /// What the order is about.
        price: Price,
    },
    /// Another payment came before it (invariant I5).
    #[error("another payment was captured for this order before")]
    SecondPayment,
}

impl Order {
    /// The order has been paid. An open order is complete with that. A cancelled one cannot take
    /// the money any more: it is told as cancelled once more, which asks for the refund
    /// (invariant I6). The same payment again changes nothing.
    ///
    /// # Errors
    /// If the amount is not the price, or another payment was there before.
    pub(crate) fn complete(&mut self, payment: Payment) -> Result<Change, PaymentMismatch> {
        match &mut self.state {
            State::Created | State::AwaitingPayment => {
                if payment.amount != self.ticket.price {
                    return Err(PaymentMismatch::WrongAmount { paid: payment.amount, price: self.ticket.price });
                }
                self.state = State::Complete { payment };
                let ticket = TicketRef { id: self.ticket.id };
                let event = OrderCompleted { id: self.id, version: self.version, ticket };
                Ok(Change::Commit(vec![NewEvent::of(&event)]))
            }
            State::Complete { payment: present } => keep_if_same(present, &payment),
            State::Cancelled { cancellation } => match &cancellation.late_payment {
                Some(present) => keep_if_same(present, &payment),
                // Nothing is left to ask for.
                None if self.refund.is_some() => Ok(Change::Keep),
                None => {
                    cancellation.late_payment = Some(payment);
                    Ok(Change::Commit(vec![self.cancelled(CancelReason::LatePayment)]))
                }
            },
        }
    }
}

fn keep_if_same(present: &Payment, incoming: &Payment) -> Result<Change, PaymentMismatch> {
    if present.id == incoming.id { Ok(Change::Keep) } else { Err(PaymentMismatch::SecondPayment) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use common::id::IdGenerator;
    use common::order_status::OrderStatus;
    use serde_json::json;

    fn another_payment() -> Payment {
        Payment { id: IdGenerator::seeded(99).next(start()), ..payment() }
    }

    #[test]
    fn an_open_order_is_completed_by_its_price() {
        for mut order in [created(), awaiting_payment()] {
            let events = told(order.complete(payment()).expect("allowed")).expect("a change");
            let payload = json!({"id": order.id, "version": 0, "ticket": {"id": order.ticket.id}});
            assert_eq!(events, [("orders.completed", payload)]);
            assert_eq!(order.status(), OrderStatus::Complete);
        }
    }

    #[test]
    fn an_open_order_is_not_completed_by_any_other_amount() {
        for mut order in [created(), awaiting_payment()] {
            let (before, paid) = (order.clone(), price(2049));
            let refused = order.complete(Payment { amount: paid, ..payment() }).expect_err("refused");
            assert_eq!(refused, PaymentMismatch::WrongAmount { paid, price: price(2050) });
            assert_eq!(order, before);
        }
    }

    #[test]
    fn a_complete_order_ignores_its_own_payment_and_refuses_another() {
        let mut order = complete();
        assert_eq!(told(order.complete(payment()).expect("ignored")), None);
        assert_eq!(order.complete(another_payment()).expect_err("refused"), PaymentMismatch::SecondPayment);
        assert_eq!(order, complete());
    }

    #[test]
    fn a_late_payment_asks_for_its_refund_once() {
        let mut order = cancelled();
        let events = told(order.complete(payment()).expect("allowed")).expect("a change");
        assert_eq!((events[0].0, &events[0].1["reason"]), ("orders.cancelled", &json!("late-payment")));
        assert_eq!(order.status(), OrderStatus::Cancelled);
        assert_eq!(order.cancel_reason(), Some(CancelReason::Expired), "the first reason stays");
        assert_eq!(told(order.complete(payment()).expect("ignored")), None);
        assert_eq!(order.complete(another_payment()).expect_err("refused"), PaymentMismatch::SecondPayment);
    }

    #[test]
    fn a_late_payment_that_has_gone_back_asks_for_nothing() {
        let mut order = cancelled();
        order.refund(refund()).expect("allowed");
        assert_eq!(told(order.complete(payment()).expect("ignored")), None);
    }
}
