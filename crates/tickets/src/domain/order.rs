use common::id::{OrderId, TicketId};
use common::order_status::OrderStatus;
use common::version::{Version, Versioned};
use serde::{Deserialize, Serialize};

/// What we know of an order, which the orders service owns: our copy follows its events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) id: OrderId,
    pub(crate) ticket_id: TicketId,
    pub(crate) status: OrderStatus,
    /// Whether it was cancelled because the ticket never came to its buyer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_undelivered: bool,
}

impl Order {
    /// An order that stands so.
    pub(crate) fn of(id: OrderId, ticket_id: TicketId, status: OrderStatus) -> Self {
        Self { id, ticket_id, status, is_undelivered: false }
    }
}

/// What a ticket itself says of the order that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KnownOrder {
    pub(crate) id: OrderId,
    pub(crate) version: Version,
    pub(crate) status: OrderStatus,
}

impl From<&Versioned<Order>> for KnownOrder {
    fn from(order: &Versioned<Order>) -> Self {
        Self { id: order.id, version: order.version, status: order.status }
    }
}
