use serde::{Deserialize, Serialize};

use super::Event;
use crate::id::OrderId;

/// A payment for an order is being taken: its buyer cannot cancel it meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PaymentStarted {
    /// The order that is being paid.
    pub order_id: OrderId,
    /// The number of this attempt to pay the order; the first is 1.
    pub attempt: u32,
}

impl Event for PaymentStarted {
    const TYPE: &'static str = "payments.started";
    fn subject(&self) -> String {
        self.order_id.to_string()
    }
}
