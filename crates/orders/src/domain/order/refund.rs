use common::events::RefundStatus;
use common::money::Price;
use common::outcome::Outcome;

use super::{Order, Refund};

/// A refund that does not fit what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RefundMismatch {
    /// The order is still open: the event that ends it has not arrived yet.
    #[error("the order is still open")]
    StillOpen,
    /// With the refunds before it, it is more than was paid (invariant I5).
    #[error("the order has been refunded before")]
    TooMuch,
}

impl Order {
    /// Money taken for the order goes back, which concerns nobody but its buyer. The same again changes
    /// nothing, nor does word of a refund's beginning that comes after its end. Somebody may give it back in
    /// parts, and after a refund that failed there may be another.
    ///
    /// # Errors
    /// If the order is open, or more would go back than was paid.
    pub(crate) fn refund(&mut self, refund: Refund) -> Result<Outcome<()>, RefundMismatch> {
        if self.status().is_open() {
            return Err(RefundMismatch::StillOpen);
        }
        let mut known = self.earlier_refunds.iter_mut().chain(&mut self.refund);
        if let Some(known) = known.find(|known| known.stripe_refund_id == refund.stripe_refund_id) {
            if !known.is_followed_by(refund.status) {
                return Ok(Outcome::Unchanged);
            }
            *known = refund;
            return Ok(Outcome::Changed(()));
        }
        let standing: u32 = self.standing_refunds().map(|refund| refund.amount.minor_units()).sum();
        if refund.stands() && standing + refund.amount.minor_units() > self.ticket.price.minor_units() {
            return Err(RefundMismatch::TooMuch);
        }
        // Failed ones, too: late word of one must not make it stand again.
        self.earlier_refunds.extend(self.refund.replace(refund));
        Ok(Outcome::Changed(()))
    }

    /// How the refunds stand as one, and how much they are: the last one, if that has failed.
    pub(crate) fn refunded(&self) -> Option<(RefundStatus, Price)> {
        let last = self.refund.as_ref()?;
        if !last.stands() {
            return Some((last.status, last.amount));
        }
        let sum = self.standing_refunds().map(|refund| i64::from(refund.amount.minor_units())).sum();
        let waiting = self.standing_refunds().find(|refund| refund.status != RefundStatus::Succeeded);
        let status = waiting.map_or(RefundStatus::Succeeded, |refund| refund.status);
        Some((status, Price::from_minor_units(sum).unwrap_or(last.amount)))
    }

    fn standing_refunds(&self) -> impl Iterator<Item = &Refund> {
        self.earlier_refunds.iter().chain(&self.refund).filter(|refund| refund.stands())
    }
}

impl Refund {
    /// Whether it has gone back, or still may.
    fn stands(&self) -> bool {
        self.status != RefundStatus::Failed
    }

    /// Whether this status is news of it.
    fn is_followed_by(&self, next: RefundStatus) -> bool {
        match self.status {
            RefundStatus::Pending | RefundStatus::Other => self.status != next,
            // A bank may send back what it had taken.
            RefundStatus::Succeeded => next == RefundStatus::Failed,
            RefundStatus::Failed => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn an_order_that_has_ended_records_its_refund_once() {
        for mut order in [complete(), cancelled()] {
            assert_eq!(order.refund(refund()).expect("allowed"), Outcome::Changed(()));
            assert_eq!(order.refunded(), Some((RefundStatus::Succeeded, price(2050))));
            assert_eq!(order.refund(refund()).expect("ignored"), Outcome::Unchanged);
            let another = Refund { stripe_refund_id: "re_2".into(), ..refund() };
            assert_eq!(order.refund(another).expect_err("refused"), RefundMismatch::TooMuch);
            assert_eq!(order.refunded(), Some((RefundStatus::Succeeded, price(2050))));
        }
    }

    #[test]
    fn a_refund_is_followed_from_pending_to_its_end() {
        let with = |status| Refund { status, ..refund() };
        let mut order = cancelled();
        for status in [RefundStatus::Pending, RefundStatus::Succeeded, RefundStatus::Failed] {
            assert_eq!(order.refund(with(status)).expect("allowed"), Outcome::Changed(()), "{status:?}");
        }
        assert_eq!(order.refund(with(RefundStatus::Pending)).expect("late"), Outcome::Unchanged);
        assert_eq!(order.refunded(), Some((RefundStatus::Failed, price(2050))));
        let another = Refund { stripe_refund_id: "re_2".into(), ..refund() };
        assert_eq!(order.refund(another).expect("tried again"), Outcome::Changed(()));
        assert_eq!(order.refunded(), Some((RefundStatus::Succeeded, price(2050))));
    }

    #[test]
    fn an_order_may_be_refunded_in_parts() {
        let part = |id: &str, amount, status| Refund { amount: price(amount), stripe_refund_id: id.into(), status };
        let mut order = complete();
        for (id, amount, status, told) in [
            ("re_1", 550, RefundStatus::Succeeded, (RefundStatus::Succeeded, 550)),
            ("re_2", 1000, RefundStatus::Pending, (RefundStatus::Pending, 1550)),
            ("re_3", 500, RefundStatus::Succeeded, (RefundStatus::Pending, 2050)),
            ("re_2", 1000, RefundStatus::Succeeded, (RefundStatus::Succeeded, 2050)),
            ("re_3", 500, RefundStatus::Failed, (RefundStatus::Failed, 500)),
            ("re_4", 500, RefundStatus::Succeeded, (RefundStatus::Succeeded, 2050)),
        ] {
            assert_eq!(order.refund(part(id, amount, status)).expect("allowed"), Outcome::Changed(()), "{id}");
            assert_eq!(order.refunded(), Some((told.0, price(told.1))), "{id} {status:?}");
        }
        let one_more = part("re_5", 1, RefundStatus::Succeeded);
        assert_eq!(order.refund(one_more).expect_err("refused"), RefundMismatch::TooMuch);
    }

    /// Simulation, seed 585751.
    #[test]
    fn what_comes_late_of_a_refund_that_failed_changes_nothing() {
        let part = |id: &str, amount, status| Refund { amount: price(amount), stripe_refund_id: id.into(), status };
        let mut order = complete();
        for (id, amount, status) in [
            ("re_1", 550, RefundStatus::Failed),
            ("re_2", 1500, RefundStatus::Pending),
            ("re_2", 1500, RefundStatus::Succeeded),
        ] {
            assert_eq!(order.refund(part(id, amount, status)).expect("allowed"), Outcome::Changed(()), "{id}");
        }
        for status in [RefundStatus::Pending, RefundStatus::Succeeded, RefundStatus::Failed] {
            assert_eq!(order.refund(part("re_1", 550, status)).expect("late"), Outcome::Unchanged, "{status:?}");
            assert_eq!(order.refunded(), Some((RefundStatus::Succeeded, price(1500))));
        }
    }

    #[test]
    fn an_open_order_has_nothing_to_refund_yet() {
        for mut order in [created(), awaiting_payment()] {
            assert_eq!(order.refund(refund()).expect_err("refused"), RefundMismatch::StillOpen);
        }
    }
}
