use common::events::EventDetails;
use common::id::OrderId;
use common::order_status::OrderStatus;
use serde::{Deserialize, Serialize};

use super::delivery::awaits_seal;
use super::order::Order;

/// Whether a ticket is free, and if not, which order has it. An order locks its ticket, and then
/// either frees it or buys it (invariant I8); all methods return the lock afterwards, which is
/// the same one if the order had done so before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub(crate) enum TicketLock {
    /// Anybody may order it; its seller may edit it.
    #[default]
    Free,
    /// It is not for sale yet: its seller has yet to give us what they promise.
    Unsealed,
    /// An order holds it while its buyer pays.
    #[serde(rename_all = "camelCase")]
    Locked {
        /// The order that holds it.
        order_id: OrderId,
    },
    /// Its seller has taken it back. Final.
    Withdrawn,
    /// It belongs to its buyer. Final.
    #[serde(rename_all = "camelCase")]
    Sold {
        /// The order that bought it.
        order_id: OrderId,
    },
}

/// Another order holds the ticket, and the event that ends it has not arrived yet: try again
/// later. (No order is made of a withdrawn ticket.)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HeldByAnotherOrder;

impl TicketLock {
    /// The order that holds or has bought the ticket.
    pub(crate) fn order_id(self) -> Option<OrderId> {
        match self {
            Self::Free | Self::Unsealed | Self::Withdrawn => None,
            Self::Locked { order_id } | Self::Sold { order_id } => Some(order_id),
        }
    }

    /// Of a ticket that is its seller's to change.
    pub(super) fn at_rest(details: &EventDetails) -> Self {
        if awaits_seal(details.delivery) { Self::Unsealed } else { Self::Free }
    }

    /// After what has become of `order`.
    pub(super) fn after(self, order: &Order) -> Result<Self, HeldByAnotherOrder> {
        match order.status {
            OrderStatus::Created | OrderStatus::AwaitingPayment => self.locked_by(order.id),
            OrderStatus::Complete => self.sold_to(order.id),
            OrderStatus::Cancelled if order.is_undelivered => self.withdrawn_after(order.id),
            OrderStatus::Cancelled => Ok(self.freed_by(order.id)),
        }
    }

    /// After `order` has reserved the ticket.
    ///
    /// The orders service accepts a new order for a ticket only once the order before has ended,
    /// so a ticket that is still locked by another order is about to be freed.
    fn locked_by(self, order: OrderId) -> Result<Self, HeldByAnotherOrder> {
        match self {
            // No order is made of what is not for sale yet; one may have come from a version of orders that knew no
            // promises.
            Self::Free | Self::Unsealed => Ok(Self::Locked { order_id: order }),
            Self::Locked { order_id } | Self::Sold { order_id } if order_id == order => Ok(self),
            Self::Locked { .. } | Self::Sold { .. } | Self::Withdrawn => Err(HeldByAnotherOrder),
        }
    }

    /// After `order` has been cancelled. An order frees only what it holds itself.
    fn freed_by(self, order: OrderId) -> Self {
        match self {
            Self::Locked { order_id } if order_id == order => Self::Free,
            Self::Free | Self::Unsealed | Self::Locked { .. } | Self::Sold { .. } | Self::Withdrawn => self,
        }
    }

    /// After `order` has been paid.
    fn sold_to(self, order: OrderId) -> Result<Self, HeldByAnotherOrder> {
        match self {
            Self::Free | Self::Unsealed => Ok(Self::Sold { order_id: order }),
            Self::Locked { order_id } | Self::Sold { order_id } if order_id == order => Ok(Self::Sold { order_id }),
            Self::Locked { .. } | Self::Sold { .. } | Self::Withdrawn => Err(HeldByAnotherOrder),
        }
    }

    /// After `order`, which had bought the ticket, has been cancelled because the ticket never came: nobody else is
    /// sold it. Whatever order holds it otherwise came before, and its end is on its way.
    fn withdrawn_after(self, order: OrderId) -> Result<Self, HeldByAnotherOrder> {
        match self {
            Self::Locked { order_id } if order_id != order => Err(HeldByAnotherOrder),
            Self::Sold { order_id } if order_id != order => Ok(self),
            Self::Free | Self::Unsealed | Self::Locked { .. } | Self::Sold { .. } | Self::Withdrawn => {
                Ok(Self::Withdrawn)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use common::id::IdGenerator;
    use common::time::Timestamp;

    use super::*;

    #[test]
    fn a_lock_belongs_to_one_order() {
        let ids = IdGenerator::seeded(1);
        let (a, b) = (ids.next(Timestamp::from_millis(0)), ids.next(Timestamp::from_millis(0)));
        let (held, sold) = (TicketLock::Locked { order_id: a }, TicketLock::Sold { order_id: a });
        assert_eq!(TicketLock::Free.locked_by(a), Ok(held));
        assert_eq!(held.locked_by(a), Ok(held));
        assert_eq!(held.locked_by(b), Err(HeldByAnotherOrder));
        assert_eq!(held.freed_by(b), held);
        assert_eq!(held.freed_by(a), TicketLock::Free);
        assert_eq!(held.sold_to(b), Err(HeldByAnotherOrder));
        assert_eq!(held.sold_to(a), Ok(sold));
        assert_eq!(sold.sold_to(a), Ok(sold));
        assert_eq!(sold.sold_to(b), Err(HeldByAnotherOrder));
        assert_eq!((sold.freed_by(a), sold.freed_by(b)), (sold, sold));
        assert_eq!(TicketLock::Withdrawn.locked_by(a), Err(HeldByAnotherOrder));
        assert_eq!(TicketLock::Withdrawn.freed_by(a), TicketLock::Withdrawn);
        assert_eq!(TicketLock::Unsealed.locked_by(a), Ok(held));
        assert_eq!(TicketLock::Unsealed.sold_to(a), Ok(sold));
        assert_eq!(TicketLock::Unsealed.freed_by(a), TicketLock::Unsealed);
    }

    #[test]
    fn what_never_came_to_its_buyer_is_nobody_elses_to_buy() {
        let ids = IdGenerator::seeded(1);
        let (a, b) = (ids.next(Timestamp::from_millis(0)), ids.next(Timestamp::from_millis(0)));
        let (held, sold) = (TicketLock::Locked { order_id: a }, TicketLock::Sold { order_id: a });
        for lock in [TicketLock::Free, TicketLock::Unsealed, held, sold, TicketLock::Withdrawn] {
            assert_eq!(lock.withdrawn_after(a), Ok(TicketLock::Withdrawn), "{lock:?}");
        }
        assert_eq!(held.withdrawn_after(b), Err(HeldByAnotherOrder));
        assert_eq!(sold.withdrawn_after(b), Ok(sold));
    }
}
