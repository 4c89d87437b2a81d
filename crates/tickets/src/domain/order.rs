use common::id::{OrderId, TicketId};
use common::order_status::OrderStatus;
use serde::{Deserialize, Serialize};

/// What we know of an order, which the orders service owns: our copy follows its events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) id: OrderId,
    pub(crate) ticket_id: TicketId,
    pub(crate) status: OrderStatus,
}
