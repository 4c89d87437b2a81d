//! The life of an order, as every service and client sees it.

use serde::{Deserialize, Serialize};

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum OrderStatus {
    /// Reserved, unpaid.
    #[serde(rename = "created")]
    Created,
    /// A payment is being taken.
    #[serde(rename = "awaiting:payment")]
    AwaitingPayment,
    /// Paid. Final.
    #[serde(rename = "complete")]
    Complete,
    /// Off. Final.
    #[serde(rename = "cancelled")]
    Cancelled,
}

impl OrderStatus {
    /// The statuses in which an order holds its ticket against everybody else.
    pub const ACTIVE: [Self; 3] = [Self::Created, Self::AwaitingPayment, Self::Complete];

    /// Whether it can still be paid, cancelled or expired.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Created | Self::AwaitingPayment)
    }

    /// The name on the wire and in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::AwaitingPayment => "awaiting:payment",
            Self::Complete => "complete",
            Self::Cancelled => "cancelled",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_wire_format() {
        for status in
            [OrderStatus::Created, OrderStatus::AwaitingPayment, OrderStatus::Complete, OrderStatus::Cancelled]
        {
            assert_eq!(serde_json::to_value(status).expect("serialises"), status.as_str());
        }
    }
}
