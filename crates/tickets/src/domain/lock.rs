use common::id::OrderId;
use common::order_status::OrderStatus;
use serde::{Deserialize, Serialize};

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
            Self::Free | Self::Withdrawn => None,
            Self::Locked { order_id } | Self::Sold { order_id } => Some(order_id),
        }
    }

    /// After what has become of `order`.
    pub(super) fn after(self, order: &Order) -> Result<Self, HeldByAnotherOrder> {
        match order.status {
            OrderStatus::Created | OrderStatus::AwaitingPayment => self.locked_by(order.id),
            OrderStatus::Complete => self.sold_to(order.id),
            OrderStatus::Cancelled => Ok(self.freed_by(order.id)),
        }
    }

    /// After `order` has reserved the ticket.
    ///
    /// The orders service accepts a new order for a ticket only once the order before has ended,
    /// so a ticket that is still locked by another order is about to be freed.
    fn locked_by(self, order: OrderId) -> Result<Self, HeldByAnotherOrder> {
        match self {
            Self::Free => Ok(Self::Locked { order_id: order }),
            Self::Locked { order_id } | Self::Sold { order_id } if order_id == order => Ok(self),
            Self::Locked { .. } | Self::Sold { .. } | Self::Withdrawn => Err(HeldByAnotherOrder),
        }
    }

    /// After `order` has been cancelled. An order frees only what it holds itself.
    fn freed_by(self, order: OrderId) -> Self {
        match self {
            Self::Locked { order_id } if order_id == order => Self::Free,
            Self::Free | Self::Locked { .. } | Self::Sold { .. } | Self::Withdrawn => self,
        }
    }

    /// After `order` has been paid.
    fn sold_to(self, order: OrderId) -> Result<Self, HeldByAnotherOrder> {
        match self {
            Self::Free => Ok(Self::Sold { order_id: order }),
            Self::Locked { order_id } | Self::Sold { order_id } if order_id == order => Ok(Self::Sold { order_id }),
            Self::Locked { .. } | Self::Sold { .. } | Self::Withdrawn => Err(HeldByAnotherOrder),
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
    }
}
