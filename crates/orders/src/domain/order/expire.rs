use std::time::Duration;

use common::events::CancelReason;
use common::outcome::Outcome;
use common::time::Timestamp;

use super::{Order, OrderCancelled, State};

/// How long an order whose payment is being taken waits for news of it once it has been heard that its time is up. The
/// money may have been captured in time, and that be on its way here: it would have to be given back. With the
/// listener's pauses it expires within 1.3 s, which leaves some of the 2 s of invariant I7.
const LAST_NEWS: Duration = Duration::from_secs(1);

/// What has come of an order whose time is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expiry {
    /// It is off.
    Cancelled(OrderCancelled),
    /// Its payment is being taken: it is asked again in a moment.
    AwaitsNews,
}

/// The order does not expire yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotYet {
    /// There is still time to pay.
    #[error("the order is not due yet")]
    NotDue,
    /// Its payment is being taken.
    #[error("the order awaits news of its payment")]
    AwaitsNews,
}

impl Order {
    /// Cancels the order if its time is up and it is still unpaid (invariant I7): one whose payment is being taken
    /// [a moment](LAST_NEWS) after this was first heard. An order that has ended already stays as it is.
    ///
    /// # Errors
    /// If it is open and `now` is before its deadline, or it waits for news of its payment.
    pub(crate) fn expire(&mut self, now: Timestamp) -> Result<Outcome<Expiry>, NotYet> {
        match self.state {
            State::Created | State::AwaitingPayment if now < self.expires_at => Err(NotYet::NotDue),
            State::AwaitingPayment => match self.due_heard_at {
                None => {
                    self.due_heard_at = Some(now);
                    Ok(Outcome::Changed(Expiry::AwaitsNews))
                }
                Some(heard_at) if now.since(heard_at) < LAST_NEWS => Err(NotYet::AwaitsNews),
                Some(_) => Ok(Outcome::Changed(self.end_expired(now))),
            },
            State::Created => Ok(Outcome::Changed(self.end_expired(now))),
            State::Complete { .. } | State::Cancelled { .. } => Ok(Outcome::Unchanged),
        }
    }

    fn end_expired(&mut self, now: Timestamp) -> Expiry {
        Expiry::Cancelled(self.end(CancelReason::Expired, now, None))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    const EXPIRED: Outcome<Expiry> =
        Outcome::Changed(Expiry::Cancelled(OrderCancelled { reason: CancelReason::Expired }));
    const MOMENT: Duration = Duration::from_millis(1);

    #[test]
    fn an_order_that_nobody_pays_expires_at_its_deadline() {
        let mut order = created();
        assert_eq!(order.expire(due()), Ok(EXPIRED));
        assert_eq!(order.cancel_reason(), Some(CancelReason::Expired));
    }

    #[test]
    fn an_order_whose_payment_is_being_taken_waits_a_moment_for_news_of_it() {
        let (heard_at, mut order) = (due() + MOMENT, awaiting_payment());
        assert_eq!(order.expire(heard_at), Ok(Outcome::Changed(Expiry::AwaitsNews)));
        assert_eq!(order.expire(heard_at + LAST_NEWS - MOMENT), Err(NotYet::AwaitsNews));
        let mut paid = order.clone();
        assert!(paid.complete(payment()).expect("allowed").is_changed());
        assert_eq!(paid.expire(heard_at + LAST_NEWS), Ok(Outcome::Unchanged));
        let mut failed = order.clone();
        assert!(failed.pause_payment(1).is_changed());
        assert_eq!(failed.expire(heard_at + MOMENT), Ok(EXPIRED), "there is nothing to wait for");
        assert_eq!(order.expire(heard_at + LAST_NEWS), Ok(EXPIRED));
    }

    #[test]
    fn an_open_order_never_expires_early() {
        for mut order in [created(), awaiting_payment()] {
            let before = order.clone();
            assert_eq!(order.expire(due() - MOMENT), Err(NotYet::NotDue));
            assert_eq!(order, before);
        }
    }

    #[test]
    fn an_order_that_has_ended_does_not_expire() {
        for mut order in [complete(), cancelled()] {
            let before = order.clone();
            assert_eq!(order.expire(due()), Ok(Outcome::Unchanged));
            assert_eq!(order, before);
        }
    }
}
