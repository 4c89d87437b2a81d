use serde::{Deserialize, Serialize};

use super::{Event, TicketRef};
use crate::id::OrderId;
use crate::version::Version;

/// An order is paid: its ticket is sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
pub struct OrderCompleted {
    /// The order.
    pub id: OrderId,
    /// The order's version.
    pub version: Version,
    /// The ticket that is sold.
    pub ticket: TicketRef,
}

impl Event for OrderCompleted {
    const TYPE: &'static str = "orders.completed";
    fn subject(&self) -> String {
        self.id.to_string()
    }
}
