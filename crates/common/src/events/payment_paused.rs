use serde::{Deserialize, Serialize};

use super::Event;
use crate::id::OrderId;

/// An attempt to pay an order has ended without success, and another may follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PaymentPaused {
    /// The order that is unpaid still.
    pub order_id: OrderId,
    /// The number of the attempt that has ended.
    pub attempt: u32,
}

impl Event for PaymentPaused {
    const TYPE: &'static str = "payments.paused";
    fn subject(&self) -> String {
        self.order_id.to_string()
    }
}
