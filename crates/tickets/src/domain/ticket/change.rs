//! How a seller changes a ticket, in two steps: between them its edition is closed in the orders service,
//! so that no order can be made of it any more (invariant I13).

use common::delivery::DeliveryPromise;
use common::edition::Edition;
use common::id::UserId;
use common::outcome::Outcome;
use common::time::Timestamp;
use common::version::{Version, Versioned};

use super::offer::{self, InvalidOffer};
use super::{Ticket, TicketChanged};
use crate::domain::{Edit, Event, EventStatus, HEARD_WITHIN, Seat, TicketForm, TicketLock, delivery};

/// What a seller asks for.
#[derive(Debug, Clone)]
pub(crate) struct SellerChange {
    /// Who asks.
    pub(crate) seller: UserId,
    /// The version that they have seen, if they say so.
    pub(crate) seen: Option<Version>,
    /// What becomes of the ticket.
    pub(crate) change: Change,
}

/// What becomes of a ticket.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// It is something else, or costs something else.
    Edit(TicketForm),
    /// It is to what its event is now: that takes place at another time or in another place, or not at all.
    Follow(Versioned<Event>),
    /// It says what its seller has given us for its buyer, or is withdrawn since that was used.
    Seal,
    /// It is not for sale any more, for good.
    Withdraw,
    /// The same, because its seller has not delivered it by the moment that they had promised.
    WithdrawOverdue,
}

/// Why a ticket is not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ChangeRefused {
    /// Only its seller may (invariant I10).
    #[error("only the seller may change a ticket")]
    NotTheSeller,
    /// An order holds it or has bought it (invariant I8).
    #[error("a reserved ticket cannot be changed")]
    Reserved,
    /// It is withdrawn.
    #[error("the ticket is withdrawn")]
    Withdrawn,
    /// It is not what the seller has seen.
    #[error("the ticket has been changed since")]
    ChangedSince,
    /// Nobody could buy what it would be.
    #[error(transparent)]
    Invalid(#[from] InvalidOffer),
    /// There is nothing to seal it with, or it is not overdue.
    #[error("there is no reason for the change any more")]
    Needless,
    /// Another change came first: this one has to begin anew.
    #[error("another change came first")]
    Overtaken,
}

impl Change {
    /// Why the ticket is something else. Of an event whose change was never published nobody knows a version.
    fn cause(&self) -> TicketChanged {
        match self {
            Self::Follow(event) if event.version > Version::FIRST => TicketChanged::WithEvent(event.version),
            Self::Follow(_) | Self::Edit(_) | Self::Seal | Self::Withdraw | Self::WithdrawOverdue => {
                TicketChanged::ByItself
            }
        }
    }
}

impl Ticket {
    /// The first step: checks the change, and notes that the present edition is about to be closed.
    ///
    /// # Errors
    /// If the change is refused.
    pub(crate) fn begin_change(
        &mut self,
        wanted: &SellerChange,
        version: Version,
        now: Timestamp,
    ) -> Result<Outcome<()>, ChangeRefused> {
        if wanted.seller != self.seller {
            return Err(ChangeRefused::NotTheSeller);
        }
        self.check_free()?;
        if wanted.seen.is_some_and(|seen| seen < self.edited_in || seen > version) {
            return Err(ChangeRefused::ChangedSince);
        }
        self.changed(&wanted.change, now)?;
        if self.changing_since.is_some() {
            return Ok(Outcome::Unchanged);
        }
        self.changing_since = Some(now);
        Ok(Outcome::Changed(()))
    }

    /// The second step, once the edition is closed. `next` is the version that the ticket gets with it. An
    /// edit counts as a change even if it says what was so already.
    ///
    /// # Errors
    /// If the change is refused.
    pub(crate) fn finish_change(
        &mut self,
        change: &Change,
        closed: Edition,
        next: Version,
        now: Timestamp,
    ) -> Result<Outcome<TicketChanged>, ChangeRefused> {
        if self.edition != closed {
            return Err(ChangeRefused::Overtaken);
        }
        self.check_free()?;
        *self = self.changed(change, now)?;
        // The edition of what is withdrawn stays closed.
        if self.lock != TicketLock::Withdrawn {
            self.edition = closed.next();
        }
        match change {
            // What its seller has seen of it is as it was.
            Change::Seal => {}
            Change::Edit(_) | Change::Follow(_) | Change::Withdraw | Change::WithdrawOverdue => self.edited_in = next,
        }
        self.changing_since = None;
        Ok(Outcome::Changed(change.cause()))
    }

    /// The ticket after a change.
    fn changed(&self, change: &Change, now: Timestamp) -> Result<Self, ChangeRefused> {
        match change {
            Change::Edit(form) => self.edited(form, now),
            Change::Follow(event) if event.status == EventStatus::Cancelled => Ok(self.withdrawn()),
            Change::Follow(event) => Ok(self.following(event, now)),
            Change::Seal => self.sealed().ok_or(ChangeRefused::Needless),
            Change::WithdrawOverdue if !self.is_overdue(now) => Err(ChangeRefused::Needless),
            Change::Withdraw | Change::WithdrawOverdue => Ok(self.withdrawn()),
        }
    }

    /// The edition was closed, but the change was not made: the same again is for sale as the next edition.
    pub(crate) fn renew(&mut self, closed: Edition) -> Outcome<TicketChanged> {
        if self.edition != closed || self.lock == TicketLock::Withdrawn {
            return Outcome::Unchanged;
        }
        (self.edition, self.changing_since) = (closed.next(), None);
        Outcome::Changed(TicketChanged::ByItself)
    }

    /// An order still holds the edition that a change has begun with. It is asked about again after the others that
    /// wait, so that many of these keep nobody waiting.
    pub(crate) fn change_still_waits(&mut self, now: Timestamp) -> Outcome<()> {
        match &mut self.changing_since {
            Some(since) if *since < now => {
                *since = now;
                Outcome::Changed(())
            }
            Some(_) | None => Outcome::Unchanged,
        }
    }

    fn check_free(&self) -> Result<(), ChangeRefused> {
        match self.lock {
            TicketLock::Free | TicketLock::Unsealed => Ok(()),
            TicketLock::Locked { .. } | TicketLock::Sold { .. } => Err(ChangeRefused::Reserved),
            TicketLock::Withdrawn => Err(ChangeRefused::Withdrawn),
        }
    }

    fn edited(&self, form: &TicketForm, now: Timestamp) -> Result<Self, ChangeRefused> {
        let TicketForm { title, price, currency, price_cap, details: edits, delivery: sent } = form.clone();
        let currency = offer::currency(currency, &edits, Some((self.currency, &self.details)))?;
        let of_event = edits.of_event.clone();
        let mut details = edits.apply(self.details.clone());
        offer::check(price, currency, &details, now)?;
        if price_cap.is_some() && of_event == Edit::Keep && details.event_id.is_some() {
            // It was to no event when the form was completed: without the event, the highest price is not known.
            return Err(ChangeRefused::ChangedSince);
        }
        offer::check_cap(price, price_cap, &of_event, details.tier.as_deref())?;
        details.delivery = delivery::promise(&sent, &self.details, &details, now).map_err(InvalidOffer::Delivery)?;
        let (seat, lock, sealing) = (Seat::of(&details), TicketLock::at_rest(&details), self.sealing_after(&details));
        Ok(Self { title, price, currency, details, seat, lock, sealing, ..self.clone() })
    }

    fn following(&self, event: &Event, now: Timestamp) -> Self {
        let mut details = event.admit(self.details.clone());
        details.delivery = delivery::kept(&self.details, &details, now);
        let seat = self.seat.clone().map(|seat| seat.described_by(&details));
        Self { details, seat, ..self.clone() }
    }

    pub(super) fn withdrawn(&self) -> Self {
        Self { lock: TicketLock::Withdrawn, sealing: None, ..self.clone() }
    }

    /// Whether its seller would have had to deliver it by now, and word of it would have come. What is noted is there, and
    /// about to be a part of the ticket.
    fn is_overdue(&self, now: Timestamp) -> bool {
        let is_over =
            matches!(self.details.delivery, Some(DeliveryPromise::Later { until }) if until + HEARD_WITHIN <= now);
        is_over && self.sealing.is_none()
    }
}

#[cfg(test)]
mod tests;
