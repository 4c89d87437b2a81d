use serde::{Deserialize, Serialize};

use super::{Event, EventDetails, Tolerant};
use crate::id::{OrderId, TicketId, UserId};
use crate::money::{Currency, Price};
use crate::order_status::OrderStatus;
use crate::time::Timestamp;
use crate::version::Version;

/// A buyer has reserved a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrderCreated {
    /// The order.
    pub id: OrderId,
    /// The order's version: the first.
    pub version: Version,
    /// The order's status: created.
    pub status: Tolerant<OrderStatus>,
    /// The buyer.
    pub user_id: UserId,
    /// When the reservation ends unless it is paid.
    pub expires_at: Timestamp,
    /// What is reserved, at the price the buyer saw.
    pub ticket: OrderedTicket,
}

/// The ticket as it was when it was ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
pub struct OrderedTicket {
    /// The ticket.
    pub id: TicketId,
    /// What the buyer pays.
    pub price: Price,
    /// The currency of the price.
    #[serde(default)]
    pub currency: Tolerant<Currency>,
    /// The ticket's title.
    pub title: String,
    /// The ticket's version that the order was made of.
    #[serde(default)]
    pub version: Version,
    /// What it admits to.
    #[serde(flatten)]
    pub details: EventDetails,
}

impl Event for OrderCreated {
    const TYPE: &'static str = "orders.created";
    fn subject(&self) -> String {
        self.id.to_string()
    }
}
