use common::events::{EventDetails, TicketSnapshot};
use common::id::{OrderId, TicketId, UserId};
use common::money::{Currency, Price};
use common::mutant::{self, Mutant};
use common::ticket_lock::{LockChange, TicketLock};
use common::time::Timestamp;
use common::version::Version;
use serde::{Deserialize, Serialize};

use super::form::TicketForm;
use super::line::Line;
use super::record::TicketRecord;

/// A ticket somebody sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "TicketRecord", into = "TicketRecord")]
pub(crate) struct Ticket {
    pub(crate) id: TicketId,
    pub(crate) version: Version,
    pub(crate) title: Line,
    pub(crate) price: Price,
    pub(crate) currency: Currency,
    pub(crate) seller: UserId,
    pub(crate) lock: TicketLock,
    pub(crate) details: EventDetails,
    pub(crate) listed_at: Timestamp,
}

/// Why a ticket cannot be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EditRefused {
    /// Only its seller may.
    NotTheSeller,
    /// An order holds it or has bought it (invariant I8).
    Reserved,
}

/// What became of a change that an order asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transition {
    /// The ticket has changed.
    Done,
    /// It was so already, or the order has no say in it any more.
    Nothing,
    /// Another order has the ticket: the end of one of the two has not been heard of yet.
    NotYet,
}

impl Ticket {
    /// A new ticket for sale.
    pub(crate) fn list(id: TicketId, seller: UserId, form: TicketForm, now: Timestamp) -> Self {
        let (title, price, currency, details) = form.apply(Currency::default(), EventDetails::default());
        let (version, lock) = (Version::FIRST, TicketLock::Free);
        Self { id, version, title, price, currency, seller, lock, details, listed_at: now }
    }

    /// Changes what the ticket is and costs. Nothing changes if that is refused.
    pub(crate) fn edit(&mut self, editor: UserId, form: TicketForm) -> Result<(), EditRefused> {
        if editor != self.seller {
            return Err(EditRefused::NotTheSeller);
        }
        let lock = if mutant::is_active(Mutant::LockedTicketEdited) { TicketLock::Free } else { self.lock };
        match lock {
            TicketLock::Free => {
                (self.title, self.price, self.currency, self.details) =
                    form.apply(self.currency, std::mem::take(&mut self.details));
                Ok(())
            }
            TicketLock::Locked { .. } | TicketLock::Sold { .. } => Err(EditRefused::Reserved),
        }
    }

    /// `order` has reserved it.
    pub(crate) fn lock(&mut self, order: OrderId) -> Transition {
        self.turn(self.lock.lock(order))
    }

    /// `order` has been cancelled.
    pub(crate) fn unlock(&mut self, order: OrderId) -> Transition {
        self.turn(self.lock.unlock(order))
    }

    /// `order` has been paid.
    pub(crate) fn sell(&mut self, order: OrderId) -> Transition {
        self.turn(self.lock.sell(order))
    }

    fn turn(&mut self, change: LockChange) -> Transition {
        match change {
            LockChange::To(lock) => {
                self.lock = lock;
                Transition::Done
            }
            LockChange::None => Transition::Nothing,
            LockChange::NotYet => Transition::NotYet,
        }
    }

    /// The ticket as others are told of it.
    pub(crate) fn snapshot(&self) -> TicketSnapshot {
        TicketSnapshot {
            id: self.id,
            version: self.version,
            title: self.title.as_str().to_owned(),
            price: self.price,
            currency: self.currency,
            user_id: self.seller,
            order_id: self.lock.order_id(),
            sold: matches!(self.lock, TicketLock::Sold { .. }),
            details: self.details.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
