use common::outcome::Outcome;
use common::time::Timestamp;

use super::{Order, State};

/// Why an order cannot be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotPayable {
    /// It was cancelled.
    Cancelled,
    /// It is paid.
    Complete,
    /// Its time to pay is over.
    Expired,
}

impl Order {
    /// A payment of the order is being taken: its buyer cannot cancel it until the attempt ends. One that
    /// has begun or ended before changes nothing.
    ///
    /// # Errors
    /// If the order cannot be paid.
    pub(crate) fn begin_payment(&mut self, attempt: u32, now: Timestamp) -> Result<Outcome<()>, NotPayable> {
        match self.state {
            State::Complete { .. } => Err(NotPayable::Complete),
            State::Cancelled { .. } => Err(NotPayable::Cancelled),
            State::Created | State::AwaitingPayment if now >= self.expires_at => Err(NotPayable::Expired),
            State::Created | State::AwaitingPayment if attempt <= self.payment_attempt => Ok(Outcome::Unchanged),
            State::Created | State::AwaitingPayment => {
                (self.state, self.payment_attempt) = (State::AwaitingPayment, attempt);
                Ok(Outcome::Changed(()))
            }
        }
    }

    /// The attempt has ended without success, and another may follow.
    pub(crate) fn pause_payment(&mut self, attempt: u32) -> Outcome<()> {
        match self.state {
            // The end of an attempt whose beginning is still on its way: that must not begin it any more.
            State::Created if attempt > self.payment_attempt => {}
            State::AwaitingPayment if attempt >= self.payment_attempt => {}
            State::Created | State::AwaitingPayment | State::Complete { .. } | State::Cancelled { .. } => {
                return Outcome::Unchanged;
            }
        }
        (self.state, self.payment_attempt) = (State::Created, attempt);
        Outcome::Changed(())
    }
}

#[cfg(test)]
mod tests {
    use common::order_status::OrderStatus;

    use super::super::testing::*;
    use super::*;

    #[test]
    fn an_order_waits_for_its_payment_until_the_attempt_ends() {
        let mut order = created();
        assert_eq!(order.begin_payment(1, start()), Ok(Outcome::Changed(())));
        assert_eq!(order.status(), OrderStatus::AwaitingPayment);
        assert_eq!(order.begin_payment(1, start()), Ok(Outcome::Unchanged));
        assert_eq!(order.pause_payment(1), Outcome::Changed(()));
        assert_eq!(order.status(), OrderStatus::Created);
        assert_eq!(order.begin_payment(1, start()), Ok(Outcome::Unchanged), "it has ended");
        assert_eq!(order.status(), OrderStatus::Created);
        assert_eq!(order.begin_payment(2, start()), Ok(Outcome::Changed(())));
        assert_eq!(order.pause_payment(1), Outcome::Unchanged, "another has begun meanwhile");
        assert_eq!(order.status(), OrderStatus::AwaitingPayment);
    }

    #[test]
    fn the_end_of_an_attempt_may_overtake_its_beginning() {
        let mut order = created();
        assert_eq!(order.pause_payment(1), Outcome::Changed(()));
        assert_eq!(order.begin_payment(1, start()), Ok(Outcome::Unchanged));
        assert_eq!(order.status(), OrderStatus::Created);
    }

    #[test]
    fn what_has_ended_or_is_due_cannot_be_paid() {
        assert_eq!(created().begin_payment(1, due()), Err(NotPayable::Expired));
        assert_eq!(awaiting_payment().begin_payment(2, due()), Err(NotPayable::Expired));
        assert_eq!(complete().begin_payment(1, start()), Err(NotPayable::Complete));
        assert_eq!(cancelled().begin_payment(1, start()), Err(NotPayable::Cancelled));
        for mut order in [complete(), cancelled()] {
            assert_eq!(order.pause_payment(1), Outcome::Unchanged);
        }
    }
}
