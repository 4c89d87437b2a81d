use serde::{Deserialize, Serialize};

use super::{Event, TicketRef};
use crate::id::OrderId;
use crate::version::Version;

/// An order is cancelled: its ticket is free again, and money taken for it goes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
pub struct OrderCancelled {
    /// The order.
    pub id: OrderId,
    /// The order's version.
    pub version: Version,
    /// Why it was cancelled.
    pub reason: CancelReason,
    /// The ticket that is free again.
    pub ticket: TicketRef,
}

/// Why an order was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CancelReason {
    /// The buyer changed their mind.
    ByBuyer,
    /// It was not paid in time.
    Expired,
    /// The payment was refused.
    PaymentFailed,
    /// A payment arrived for an order that could not take it any more: refund it.
    LatePayment,
    /// What the ticket is to does not take place.
    EventCancelled,
    /// It was paid, but its seller has not given us the ticket in time.
    NotDelivered,
    /// A reason that was added after this reader was built.
    #[serde(other)]
    Other,
}

impl Event for OrderCancelled {
    const TYPE: &'static str = "orders.cancelled";
    fn subject(&self) -> String {
        self.id.to_string()
    }
}
