//! How a ticket follows the orders for it (invariants I3, I8).
//!
//! A ticket itself says what is known of the order that has it, so that it is locked and sold in one write, which also
//! tells what comes twice or too early. Kept apart is what is known of all others: of orders that came while another had
//! the ticket, and of every order that has let go of it.
//!
//! While nothing is kept apart, the first event of an order locks a free ticket at once. Later it might be the duplicate
//! of an event of an order that has ended long ago.

use common::id::OrderId;
use common::order_status::OrderStatus;
use common::outcome::Outcome;
use common::version::{Gaps, Sequence, Version, Versioned};

use super::{Ticket, TicketChanged};
use crate::domain::{HeldByAnotherOrder, KnownOrder, Order, TicketLock};

impl Ticket {
    /// Follows an order to its next version, if the ticket itself says what is known of it and goes on to.
    pub(crate) fn follow(&mut self, order: &Versioned<Order>) -> Outcome<Option<TicketChanged>> {
        if !self.keeps(order) || self.sequence(order) != Sequence::Next {
            return Outcome::Unchanged;
        }
        let Ok(lock) = self.lock.after(order) else { return Outcome::Unchanged };
        self.order = Some(KnownOrder::from(order));
        Outcome::Changed(self.set_lock(lock))
    }

    /// Whether the ticket itself says that this version of the order has been applied.
    pub(crate) fn has_applied(&self, order: &Versioned<Order>) -> bool {
        self.order_of(order.id).is_some_and(|known| order.version <= known.version)
    }

    /// What it means if the versions of the order before this one are missing in what is kept apart.
    pub(crate) fn gaps_before(&self, order: &Versioned<Order>) -> Gaps {
        match self.sequence(order) {
            Sequence::Next => Gaps::Superseded,
            Sequence::Duplicate | Sequence::Gap => Gaps::Awaited,
        }
    }

    /// Brings the ticket in line with an order as it is known apart, where alone it is known from now on.
    pub(crate) fn align(&mut self, order: &Order) -> Result<Outcome<Option<TicketChanged>>, HeldByAnotherOrder> {
        let lock = self.lock.after(order)?;
        let marked = self.mark_undelivered(order, lock);
        if marked.is_none() && lock == self.lock && !self.knows_every_order && self.order_of(order.id).is_none() {
            return Ok(Outcome::Unchanged);
        }
        self.knows_every_order = false;
        self.order = self.order.filter(|known| known.id != order.id);
        Ok(Outcome::Changed(self.set_lock(lock).or(marked)))
    }

    /// Notes which order it never came to the buyer of, if that is what withdraws it, or has to do with that.
    fn mark_undelivered(&mut self, order: &Order, lock: TicketLock) -> Option<TicketChanged> {
        let is_so = order.is_undelivered && lock == TicketLock::Withdrawn && self.undelivered != Some(order.id);
        is_so.then(|| {
            self.undelivered = Some(order.id);
            TicketChanged::ByItself
        })
    }

    fn order_of(&self, id: OrderId) -> Option<KnownOrder> {
        self.order.filter(|known| known.id == id)
    }

    /// Whether the ticket itself says what is known of the order, also after this.
    fn keeps(&self, order: &Versioned<Order>) -> bool {
        let is_at_rest = matches!(self.lock, TicketLock::Free | TicketLock::Unsealed);
        let is_first_of_all = is_at_rest && self.knows_every_order && order.version == Version::FIRST;
        let is_sold = matches!(self.lock, TicketLock::Sold { .. });
        let lets_go = order.status == OrderStatus::Cancelled && (order.is_undelivered || !is_sold);
        (self.order_of(order.id).is_some() || is_first_of_all) && !lets_go
    }

    fn sequence(&self, order: &Versioned<Order>) -> Sequence {
        // The lock alone, too, says that its order has come: the version of the service before drops what it does not
        // know of a record that it writes.
        let holder = (self.lock.order_id() == Some(order.id)).then_some(Version::FIRST);
        Sequence::of(order.version, self.order_of(order.id).map(|known| known.version).or(holder))
    }

    fn set_lock(&mut self, lock: TicketLock) -> Option<TicketChanged> {
        if lock == self.lock {
            return None;
        }
        match lock {
            TicketLock::Free | TicketLock::Unsealed => {
                self.reserved_not_bought = self.reserved_not_bought.saturating_add(1);
                self.lock = TicketLock::at_rest(&self.details);
            }
            TicketLock::Locked { .. } => self.lock = lock,
            TicketLock::Sold { .. } | TicketLock::Withdrawn => {
                (self.lock, self.changing_since, self.sealing) = (lock, None, None);
            }
        }
        Some(TicketChanged::ByItself)
    }
}

#[cfg(test)]
mod tests;
