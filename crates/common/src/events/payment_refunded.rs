use serde::{Deserialize, Serialize};

use super::Event;
use crate::id::OrderId;
use crate::money::Price;

/// The money taken for an order has gone back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PaymentRefunded {
    /// The order it had been taken for.
    pub order_id: OrderId,
    /// What went back.
    pub amount: Price,
    /// Stripe's refund.
    pub stripe_refund_id: String,
}

impl Event for PaymentRefunded {
    const TYPE: &'static str = "payments.refunded";
    fn subject(&self) -> String {
        self.order_id.to_string()
    }
}
