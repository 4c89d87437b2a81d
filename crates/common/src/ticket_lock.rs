//! Who holds a ticket: the rule that keeps it from being sold twice.

use serde::{Deserialize, Serialize};

use crate::id::OrderId;

/// Whether a ticket is free, and if not, which order has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum TicketLock {
    /// Anybody may order it; its seller may edit it.
    #[default]
    Free,
    /// An order holds it while its buyer pays.
    #[serde(rename_all = "camelCase")]
    Locked {
        /// The order that holds it.
        order_id: OrderId,
    },
    /// It is its buyer's. Final.
    #[serde(rename_all = "camelCase")]
    Sold {
        /// The order that bought it.
        order_id: OrderId,
    },
}

/// What became of a change to a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockChange {
    /// The lock is now this.
    To(TicketLock),
    /// It was so already, or the order has no say in this ticket any more.
    None,
    /// Another order holds the ticket, and its end has not been heard of yet: try again later.
    NotYet,
}

impl TicketLock {
    /// The order that locks or bought the ticket.
    pub fn order_id(self) -> Option<OrderId> {
        match self {
            Self::Free => None,
            Self::Locked { order_id } | Self::Sold { order_id } => Some(order_id),
        }
    }

    /// `order` has reserved the ticket.
    ///
    /// Orders hands out a ticket again only when the order before has ended, so a ticket that
    /// is still locked by another order is about to be freed.
    pub fn lock(self, order: OrderId) -> LockChange {
        match self {
            Self::Free => LockChange::To(Self::Locked { order_id: order }),
            Self::Locked { order_id } | Self::Sold { order_id } if order_id == order => LockChange::None,
            Self::Locked { .. } | Self::Sold { .. } => LockChange::NotYet,
        }
    }

    /// `order` has been cancelled. Frees only what that order itself holds.
    pub fn unlock(self, order: OrderId) -> LockChange {
        match self {
            Self::Locked { order_id } if order_id == order => LockChange::To(Self::Free),
            Self::Free | Self::Locked { .. } | Self::Sold { .. } => LockChange::None,
        }
    }

    /// `order` has been paid.
    pub fn sell(self, order: OrderId) -> LockChange {
        match self {
            Self::Free => LockChange::To(Self::Sold { order_id: order }),
            Self::Locked { order_id } if order_id == order => LockChange::To(Self::Sold { order_id }),
            Self::Sold { order_id } if order_id == order => LockChange::None,
            Self::Locked { .. } | Self::Sold { .. } => LockChange::NotYet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::IdGenerator;
    use crate::time::Timestamp;

    #[test]
    fn a_lock_belongs_to_one_order() {
        let ids = IdGenerator::seeded(1);
        let (a, b) = (ids.next(Timestamp::from_millis(0)), ids.next(Timestamp::from_millis(0)));
        let held = TicketLock::Locked { order_id: a };
        assert_eq!(TicketLock::Free.lock(a), LockChange::To(held));
        assert_eq!(held.lock(a), LockChange::None);
        assert_eq!(held.lock(b), LockChange::NotYet);
        assert_eq!(held.unlock(b), LockChange::None);
        assert_eq!(held.unlock(a), LockChange::To(TicketLock::Free));
        assert_eq!(held.sell(b), LockChange::NotYet);
        assert_eq!(held.sell(a), LockChange::To(TicketLock::Sold { order_id: a }));
        assert_eq!(TicketLock::Sold { order_id: a }.unlock(a), LockChange::None);
    }
}
