use serde::{Deserialize, Serialize};

use super::Event;
use crate::id::OrderId;

/// An order's time to pay has run out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ExpirationCompleted {
    /// The order whose time is up.
    pub order_id: OrderId,
}

impl Event for ExpirationCompleted {
    const TYPE: &'static str = "expiration.completed";
    fn subject(&self) -> String {
        self.order_id.to_string()
    }
}
