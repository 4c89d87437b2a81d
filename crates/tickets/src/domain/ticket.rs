use common::events::EventDetails;
use common::id::{OrderId, TicketId, UserId};
use common::money::{Currency, Price};
use common::order_status::OrderStatus;
use common::outcome::Outcome;
use common::time::Timestamp;

use super::form::TicketForm;
use super::lock::{HeldByAnotherOrder, TicketLock};
use super::order::Order;
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
    pub(crate) details: EventDetails,
    pub(crate) listed_at: Timestamp,
}

/// A ticket is for sale for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TicketListed;

/// A ticket has been edited, locked, freed or sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TicketChanged;

/// Why a ticket cannot be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EditRefused {
    /// Only its seller may (invariant I10).
    #[error("only the seller may edit a ticket")]
    NotTheSeller,
    /// An order holds it or has bought it (invariant I8).
    #[error("a reserved ticket cannot be edited")]
    Reserved,
}

impl Ticket {
    /// A new ticket for sale.
    pub(crate) fn list(id: TicketId, seller: UserId, form: TicketForm, now: Timestamp) -> Self {
        let TicketForm { title, price, currency, details } = form;
        let (currency, details) = (currency.unwrap_or_default(), details.apply(EventDetails::default()));
        Self { id, title, price, currency, seller, lock: TicketLock::Free, details, listed_at: now }
    }

    /// Changes what the ticket is and costs. An edit counts as a change even if it says what was
    /// so already.
    pub(crate) fn edit(&mut self, editor: UserId, form: TicketForm) -> Result<Outcome<TicketChanged>, EditRefused> {
        if editor != self.seller {
            return Err(EditRefused::NotTheSeller);
        }
        match self.lock {
            TicketLock::Free => {}
            TicketLock::Locked { .. } | TicketLock::Sold { .. } => return Err(EditRefused::Reserved),
        }
        let TicketForm { title, price, currency, details } = form;
        self.title = title;
        self.price = price;
        self.currency = currency.unwrap_or(self.currency);
        self.details = details.apply(std::mem::take(&mut self.details));
        Ok(Outcome::Changed(TicketChanged))
    }

    /// Brings the ticket in line with an order for it.
    pub(crate) fn follow(&mut self, order: &Order) -> Result<Outcome<TicketChanged>, HeldByAnotherOrder> {
        match order.status {
            OrderStatus::Created | OrderStatus::AwaitingPayment => self.lock(order.id),
            OrderStatus::Complete => self.sell(order.id),
            OrderStatus::Cancelled => Ok(self.free(order.id)),
        }
    }

    fn lock(&mut self, order: OrderId) -> Result<Outcome<TicketChanged>, HeldByAnotherOrder> {
        self.lock.locked_by(order).map(|lock| self.set_lock(lock))
    }

    fn sell(&mut self, order: OrderId) -> Result<Outcome<TicketChanged>, HeldByAnotherOrder> {
        self.lock.sold_to(order).map(|lock| self.set_lock(lock))
    }

    fn free(&mut self, order: OrderId) -> Outcome<TicketChanged> {
        self.set_lock(self.lock.freed_by(order))
    }

    fn set_lock(&mut self, lock: TicketLock) -> Outcome<TicketChanged> {
        if lock == self.lock {
            return Outcome::Unchanged;
        }
        self.lock = lock;
        Outcome::Changed(TicketChanged)
    }
}

#[cfg(test)]
mod tests;
