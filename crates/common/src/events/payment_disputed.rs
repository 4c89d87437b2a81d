use serde::{Deserialize, Serialize};

use super::Event;
use crate::id::OrderId;
use crate::money::Price;

/// The buyer's bank disputes the payment for an order (a chargeback), or the dispute has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PaymentDisputed {
    /// The order it had been taken for.
    pub order_id: OrderId,
    /// What is disputed.
    pub amount: Price,
    /// Stripe's dispute.
    pub stripe_dispute_id: String,
    /// How it stands.
    pub status: DisputeStatus,
}

/// How a dispute stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum DisputeStatus {
    /// The bank has not decided yet.
    Open,
    /// The money stays with us.
    Won,
    /// The money went back to the buyer.
    Lost,
    /// A status that was added after this reader was built.
    #[serde(other)]
    Other,
}

impl Event for PaymentDisputed {
    const TYPE: &'static str = "payments.disputed";
    fn subject(&self) -> String {
        self.order_id.to_string()
    }
}
