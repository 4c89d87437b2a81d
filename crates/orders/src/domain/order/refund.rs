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
    /// With the refunds before it, it is more than was paid (invariant I5): one of those must have failed, and word of
    /// that has not arrived yet.
    #[error("the order has been refunded before")]
    TooMuch,
}

impl Order {
    /// Money taken for the order goes back, which concerns nobody but its buyer. Somebody may give it back in
    /// parts, and after a refund that failed there may be another. The same again changes nothing, nor does word of
    /// a refund that is older than what is known of it: so it does not matter in which order it is heard.
    ///
    /// # Errors
    /// If the order is open, or more would go back than was paid.
    pub(crate) fn refund(&mut self, heard: impl IntoIterator<Item = Refund>) -> Result<Outcome<()>, RefundMismatch> {
        if self.status().is_open() {
            return Err(RefundMismatch::StillOpen);
        }
        let mut refunds: Vec<Refund> = self.refunds().cloned().collect();
        let mut is_news = false;
        for refund in heard {
            is_news |= take(&mut refunds, refund);
        }
        if !is_news {
            return Ok(Outcome::Unchanged);
        }
        if sum_of_standing(&refunds) > i64::from(self.ticket.price.minor_units()) {
            return Err(RefundMismatch::TooMuch);
        }
        self.refund = refunds.pop();
        self.earlier_refunds = refunds;
        Ok(Outcome::Changed(()))
    }

    /// How the refunds stand as one, and how much they are: the last one, if that has failed and was needed.
    pub(crate) fn refunded(&self) -> Option<(RefundStatus, Price)> {
        let last = self.refund.as_ref()?;
        let sum = sum_of_standing(self.refunds());
        if !last.stands() && sum < i64::from(self.ticket.price.minor_units()) {
            return Some((last.status, last.amount));
        }
        let waiting = self.refunds().find(|refund| refund.stands() && refund.status != RefundStatus::Succeeded);
        let status = waiting.map_or(RefundStatus::Succeeded, |refund| refund.status);
        Some((status, Price::from_minor_units(sum).unwrap_or(last.amount)))
    }

    /// All of them, the oldest first.
    fn refunds(&self) -> impl Iterator<Item = &Refund> {
        self.earlier_refunds.iter().chain(&self.refund)
    }
}

/// Takes word of a refund into the list. Returns whether it is news. Refunds that have failed stay in it: late word
/// of one must not make it stand again.
fn take(refunds: &mut Vec<Refund>, heard: Refund) -> bool {
    match refunds.iter_mut().find(|known| known.stripe_refund_id == heard.stripe_refund_id) {
        Some(known) if known.is_followed_by(heard.status) => *known = heard,
        Some(_) => return false,
        None => refunds.push(heard),
    }
    true
}

/// What has gone back or still may, in minor units.
fn sum_of_standing<'a>(refunds: impl IntoIterator<Item = &'a Refund>) -> i64 {
    let standing = refunds.into_iter().filter(|refund| refund.stands());
    standing.map(|refund| i64::from(refund.amount.minor_units())).sum()
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
mod tests;
