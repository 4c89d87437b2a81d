use serde::{Deserialize, Serialize};

use super::Event;
use crate::id::{OrderId, TicketId, UserId};
use crate::version::Version;

/// A buyer has their ticket: they can see it from now on, and nobody else can.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeliveryReleased {
    /// The order.
    pub order_id: OrderId,
    /// How often what is handed over by it has changed.
    pub version: Version,
    /// The listing.
    pub ticket_id: TicketId,
    /// The buyer.
    pub user_id: UserId,
}

impl Event for DeliveryReleased {
    const TYPE: &'static str = "deliveries.released";
    fn subject(&self) -> String {
        self.order_id.to_string()
    }
}
