//! What a seller has given us becomes a part of the ticket.
//!
//! Delivery says that it is there. The ticket notes it, and says so itself once no order can be made of what it was
//! before: an order is made of one seal, and its buyer gets that one. In the same way it is withdrawn if delivery says that
//! somebody has gone in with the place that it offers again.

use common::delivery::{DeliveryPromise, Seal, SealMode};
use common::events::EventDetails;
use common::outcome::Outcome;
use common::time::Timestamp;
use common::version::Version;

use super::Ticket;
use crate::domain::TicketLock;
use crate::domain::delivery::{can_be_sealed, place, sealed};

/// Something that a seller has given us, which their ticket does not say yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sealing {
    pub(crate) seal: Seal,
    /// Whether we have read a code from it.
    pub(crate) checked: bool,
    /// When it was heard of, or last tried in vain to have the ticket say so.
    pub(crate) since: Timestamp,
    /// Whether there is nothing to sell any more instead: somebody has gone in with it.
    pub(crate) used: bool,
}

/// A seal as delivery says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GivenSeal {
    pub(crate) mode: SealMode,
    /// The version of the ticket that it is said of, if of that alone.
    pub(crate) of_version: Option<Version>,
    pub(crate) seal: Seal,
    pub(crate) checked: bool,
}

impl Ticket {
    /// Notes what its seller has given us, unless something later is known, or it is not what the ticket promises. What is
    /// sold or withdrawn stays as it is.
    pub(crate) fn note_seal(&mut self, given: GivenSeal, now: Timestamp) -> Outcome<()> {
        let GivenSeal { mode, seal, checked, .. } = given;
        let is_final = matches!(self.lock, TicketLock::Sold { .. } | TicketLock::Withdrawn);
        if is_final || seal <= self.last_seal || !self.is_sealed_by(given) {
            return Outcome::Unchanged;
        }
        (self.sealing, self.last_seal) =
            (Some(Sealing { seal, checked, since: now, used: mode == SealMode::Used }), seal);
        Outcome::Changed(())
    }

    /// Whether a seal is of what the ticket promises, or may come to promise again: a file does not become what we issue,
    /// nor is what we issue for one event and one order issued for another.
    fn is_sealed_by(&self, given: GivenSeal) -> bool {
        let is_of_this = given.of_version.is_none_or(|version| self.edited_in <= version);
        match (given.mode, self.details.delivery) {
            (SealMode::Ours, Some(DeliveryPromise::Ours { .. })) => is_of_this,
            (SealMode::Sealed, promise) => !matches!(promise, Some(DeliveryPromise::Ours { .. })),
            (SealMode::Used, Some(DeliveryPromise::Ours { bought_by, .. })) => bought_by.is_some(),
            (SealMode::Ours | SealMode::Used | SealMode::Other, _) => false,
        }
    }

    /// Whether there is something that it should say and can. What an order holds waits for its end.
    pub(crate) fn can_take_seal(&self) -> bool {
        let is_at_rest = matches!(self.lock, TicketLock::Free | TicketLock::Unsealed);
        is_at_rest && self.sealing.is_some() && self.details.delivery.is_some_and(can_be_sealed)
    }

    /// An order holds the ticket, of which word has not come. It is tried again after the others that wait.
    pub(crate) fn seal_still_waits(&mut self, now: Timestamp) -> Outcome<()> {
        match &mut self.sealing {
            Some(sealing) if sealing.since < now => {
                sealing.since = now;
                Outcome::Changed(())
            }
            Some(_) | None => Outcome::Unchanged,
        }
    }

    /// The ticket as it says what was given to us, or withdrawn if it was used; `None` if there is nothing to say.
    pub(super) fn sealed(&self) -> Option<Self> {
        let Sealing { seal, checked, since: _, used } = self.sealing.filter(|_| self.can_take_seal())?;
        if used {
            return Some(self.withdrawn());
        }
        let mut details = self.details.clone();
        details.delivery = Some(sealed(details.delivery?, seal, checked)?);
        Some(Self { details, lock: TicketLock::Free, sealing: None, ..self.clone() })
    }

    /// What is noted, once the ticket promises something else. What we issue is issued for one place and one order, and
    /// is nothing that a seller gives us.
    pub(super) fn sealing_after(&self, edited: &EventDetails) -> Option<Sealing> {
        let concerns = |details: &EventDetails| (details.delivery, place(details));
        let is_ours = |details: &EventDetails| matches!(details.delivery, Some(DeliveryPromise::Ours { .. }));
        let is_same = concerns(&self.details) == concerns(edited);
        self.sealing.filter(|_| is_same || !(is_ours(&self.details) || is_ours(edited)))
    }
}

#[cfg(test)]
mod tests;
