use serde::{Deserialize, Serialize};

use super::Event;
use crate::id::{OrderId, TicketId};
use crate::version::Version;

/// A seller has not given us in time what they had promised: the order is off, and its buyer has their money back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeliveryMissed {
    /// The order.
    pub order_id: OrderId,
    /// How often what is handed over by it has changed.
    pub version: Version,
    /// The listing.
    pub ticket_id: TicketId,
}

impl Event for DeliveryMissed {
    const TYPE: &'static str = "deliveries.missed";
    fn subject(&self) -> String {
        self.order_id.to_string()
    }
}
