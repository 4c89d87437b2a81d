use common::money::Price;
use common::outcome::Outcome;

use super::{Order, Payment, State};

/// Money has been captured for the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PaymentReceived {
    /// The order is complete with it.
    CompletesOrder,
    /// The order had been cancelled before: the money has to go back.
    TooLate,
}

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
    /// the money any more, which has to go back (invariant I6). The same payment again changes nothing.
    ///
    /// # Errors
    /// If the amount is not the price, or another payment was there before.
    pub(crate) fn complete(&mut self, payment: Payment) -> Result<Outcome<PaymentReceived>, PaymentMismatch> {
        match &mut self.state {
            State::Created | State::AwaitingPayment => {
                if payment.amount != self.ticket.price {
                    return Err(PaymentMismatch::WrongAmount { paid: payment.amount, price: self.ticket.price });
                }
                (self.state, self.slot) = (State::Complete { payment }, None);
                Ok(Outcome::Changed(PaymentReceived::CompletesOrder))
            }
            State::Complete { payment: present } => unchanged_if_same(present, &payment),
            State::Cancelled { cancellation } => match &cancellation.late_payment {
                Some(present) => unchanged_if_same(present, &payment),
                // It has gone back already.
                None if self.refund.is_some() => Ok(Outcome::Unchanged),
                None => {
                    cancellation.late_payment = Some(payment);
                    Ok(Outcome::Changed(PaymentReceived::TooLate))
                }
            },
        }
    }
}

fn unchanged_if_same(present: &Payment, incoming: &Payment) -> Result<Outcome<PaymentReceived>, PaymentMismatch> {
    if present.id == incoming.id { Ok(Outcome::Unchanged) } else { Err(PaymentMismatch::SecondPayment) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use common::events::CancelReason;
    use common::id::IdGenerator;
    use common::order_status::OrderStatus;

    fn another_payment() -> Payment {
        Payment { id: IdGenerator::seeded(99).next(start()), ..payment() }
    }

    #[test]
    fn an_open_order_is_completed_by_its_price() {
        for mut order in [created(), awaiting_payment()] {
            let outcome = order.complete(payment()).expect("allowed");
            assert_eq!(outcome, Outcome::Changed(PaymentReceived::CompletesOrder));
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
        assert_eq!(order.complete(payment()).expect("ignored"), Outcome::Unchanged);
        assert_eq!(order.complete(another_payment()).expect_err("refused"), PaymentMismatch::SecondPayment);
        assert_eq!(order, complete());
    }

    #[test]
    fn a_late_payment_has_to_go_back_once() {
        let mut order = cancelled();
        let outcome = order.complete(payment()).expect("allowed");
        assert_eq!(outcome, Outcome::Changed(PaymentReceived::TooLate));
        assert_eq!(order.late_payment(), Some(&payment()));
        assert_eq!(order.status(), OrderStatus::Cancelled);
        assert_eq!(order.cancel_reason(), Some(CancelReason::Expired), "the first reason stays");
        assert_eq!(order.complete(payment()).expect("ignored"), Outcome::Unchanged);
        assert_eq!(order.complete(another_payment()).expect_err("refused"), PaymentMismatch::SecondPayment);
    }

    #[test]
    fn a_late_payment_that_has_gone_back_already_changes_nothing() {
        let mut order = cancelled();
        assert_eq!(order.refund([refund()]).expect("allowed"), Outcome::Changed(()));
        let before = order.clone();
        assert_eq!(order.complete(payment()).expect("ignored"), Outcome::Unchanged);
        assert_eq!(order, before);
    }
}
