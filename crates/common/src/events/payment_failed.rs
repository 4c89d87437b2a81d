use serde::{Deserialize, Serialize};

use super::Event;
use crate::id::OrderId;

/// No payment for this order will succeed any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PaymentFailed {
    /// The order that stays unpaid.
    pub order_id: OrderId,
    /// Why, in words for the buyer.
    pub reason: String,
}

impl Event for PaymentFailed {
    const TYPE: &'static str = "payments.failed";
    fn subject(&self) -> String {
        self.order_id.to_string()
    }
}
