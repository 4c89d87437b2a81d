use serde::{Deserialize, Serialize};

use super::Event;
use crate::id::OrderId;
use crate::money::Price;

/// The money taken for an order is going back, has gone back, or could not be given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PaymentRefunded {
    /// The order it had been taken for.
    pub order_id: OrderId,
    /// What goes back.
    pub amount: Price,
    /// Stripe's refund.
    pub stripe_refund_id: String,
    /// How it stands.
    #[serde(default, skip_serializing_if = "RefundStatus::is_succeeded")]
    pub status: RefundStatus,
    /// All refunds of the payment as they stood then, the oldest first, if it was not the only one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<RefundStanding>,
}

/// One of several refunds of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RefundStanding {
    /// What goes back.
    pub amount: Price,
    /// Stripe's refund.
    pub stripe_refund_id: String,
    /// How it stands.
    pub status: RefundStatus,
}

/// How a refund stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum RefundStatus {
    /// It was asked for, and the provider has not said yet that it succeeded.
    Pending,
    /// The provider says that the money has gone back.
    #[default]
    Succeeded,
    /// The provider says that it did not go back.
    Failed,
    /// A status that was added after this reader was built.
    #[serde(other)]
    Other,
}

impl RefundStatus {
    /// Whether it succeeded, which events leave out, as they did when there was nothing else.
    pub fn is_succeeded(&self) -> bool {
        *self == Self::Succeeded
    }
}

impl Event for PaymentRefunded {
    const TYPE: &'static str = "payments.refunded";
    fn subject(&self) -> String {
        self.order_id.to_string()
    }
}
