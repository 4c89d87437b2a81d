use serde::{Deserialize, Serialize};

use super::Event;
use crate::id::{OrderId, PaymentId};
use crate::money::Price;

/// The money for an order has been captured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PaymentCreated {
    /// The payment.
    pub id: PaymentId,
    /// The order it pays for.
    pub order_id: OrderId,
    /// What was captured.
    pub amount: Price,
    /// Stripe's PaymentIntent.
    pub stripe_id: String,
}

impl Event for PaymentCreated {
    const TYPE: &'static str = "payments.created";
    fn subject(&self) -> String {
        self.order_id.to_string()
    }
}
