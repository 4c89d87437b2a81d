mod change;
mod follow;
mod forget;
mod offer;
mod same_seat;
mod seal;

pub(crate) use change::{Change, ChangeRefused, SellerChange};
pub(crate) use offer::InvalidOffer;
pub(crate) use seal::{GivenSeal, Sealing};

use common::delivery::{DeliveryPromise, Seal};
use common::edition::Edition;
use common::events::EventDetails;
use common::id::{OrderId, TicketId, UserId};
use common::money::{Currency, Price};
use common::time::Timestamp;
use common::version::Version;

use super::delivery;
use super::form::TicketForm;
use super::lock::TicketLock;
use super::order::KnownOrder;
use super::seat::Seat;
use super::short_text::ShortText;

/// A ticket somebody sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) id: TicketId,
    pub(crate) title: ShortText,
    pub(crate) price: Price,
    pub(crate) currency: Currency,
    pub(crate) seller: UserId,
    pub(crate) lock: TicketLock,
    /// What is known of the order that has it, unless that is kept apart.
    pub(crate) order: Option<KnownOrder>,
    /// Nothing is known of any order for it but what is in `order`. Once something is kept apart, this is never so
    /// again.
    pub(crate) knows_every_order: bool,
    pub(crate) details: EventDetails,
    pub(crate) listed_at: Timestamp,
    /// How often its seller has changed it.
    pub(crate) edition: Edition,
    /// Its version when its seller last changed it.
    pub(crate) edited_in: Version,
    /// Since when its seller is changing it: this edition may be closed already.
    pub(crate) changing_since: Option<Timestamp>,
    /// The seat that no other live or sold listing of the seller may have (invariant I17).
    pub(crate) seat: Option<Seat>,
    /// Which of its seller's places it takes while it is for sale or locked.
    pub(crate) place: Option<u32>,
    /// How often a lock ended without a sale. Only its seller is told.
    pub(crate) reserved_not_bought: u32,
    /// What its seller has given us, which the ticket does not say yet.
    pub(crate) sealing: Option<Sealing>,
    /// The last that was heard of what its seller has given us.
    pub(crate) last_seal: Seal,
    /// The order that was cancelled because the ticket never came to its buyer.
    pub(crate) undelivered: Option<OrderId>,
}

/// A ticket is for sale for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TicketListed;

/// A ticket has been edited, locked, freed, sold or withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TicketChanged {
    /// For its own sake.
    ByItself,
    /// Because of its event, which was moved or cancelled in this version.
    WithEvent(Version),
}

impl Ticket {
    /// Whether its buyer gets a ticket that we issue.
    pub(crate) fn is_issued_here(&self) -> bool {
        matches!(self.details.delivery, Some(DeliveryPromise::Ours { .. }))
    }

    /// A new ticket for sale.
    ///
    /// # Errors
    /// If nobody could buy it.
    pub(crate) fn list(id: TicketId, seller: UserId, form: TicketForm, now: Timestamp) -> Result<Self, InvalidOffer> {
        let TicketForm { title, price, currency, price_cap, details: edits, delivery: sent } = form;
        let currency = offer::currency(currency, &edits, None)?;
        let of_event = edits.of_event.clone();
        let nothing = EventDetails::default();
        let mut details = edits.apply(nothing.clone());
        offer::check(price, currency, &details, now)?;
        offer::check_cap(price, price_cap, &of_event, details.tier.as_deref())?;
        details.delivery = delivery::promise(&sent, &nothing, &details, now)?;
        let seat = Seat::of(&details);
        Ok(Self {
            id,
            title,
            price,
            currency,
            seller,
            lock: TicketLock::at_rest(&details),
            order: None,
            knows_every_order: true,
            details,
            listed_at: now,
            edition: Edition::FIRST,
            edited_in: Version::FIRST,
            changing_since: None,
            seat,
            place: None,
            reserved_not_bought: 0,
            sealing: None,
            last_seal: Seal::NONE,
            undelivered: None,
        })
    }
}

#[cfg(test)]
mod tests;
