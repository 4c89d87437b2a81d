use serde::{Deserialize, Serialize};

use super::{Event, WholeState};
use crate::edition::Edition;
use crate::id::{OrderId, TicketId, UserId};
use crate::money::{Currency, Price};
use crate::time::Timestamp;
use crate::version::Version;

/// A ticket as it stands at one version: the payload of both ticket events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TicketSnapshot {
    /// The ticket.
    pub id: TicketId,
    /// Its version.
    pub version: Version,
    /// What it is called.
    pub title: String,
    /// What it costs.
    pub price: Price,
    /// The currency of the price.
    pub currency: Currency,
    /// Its seller.
    pub user_id: UserId,
    /// The order that holds it, while it is locked or sold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// Whether that order has been paid.
    #[serde(default)]
    pub sold: bool,
    /// Which edition of the ticket this is.
    #[serde(default, skip_serializing_if = "Edition::is_first")]
    pub edition: Edition,
    /// Whether its seller has taken it back, for good.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// What it admits to.
    #[serde(flatten)]
    pub details: EventDetails,
}

/// What a ticket admits to; all of it optional.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct EventDetails {
    /// The name of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Where it takes place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue: Option<String>,
    /// When it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// The section of the venue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The row in the section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// The seat in the row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat: Option<String>,
}

/// A ticket has been listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct TicketCreated(pub TicketSnapshot);

impl Event for TicketCreated {
    const TYPE: &'static str = "tickets.created";
    fn subject(&self) -> String {
        self.0.id.to_string()
    }
}

impl WholeState for TicketCreated {}

/// A ticket has been edited, locked, unlocked, sold or withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct TicketUpdated(pub TicketSnapshot);

impl Event for TicketUpdated {
    const TYPE: &'static str = "tickets.updated";
    fn subject(&self) -> String {
        self.0.id.to_string()
    }
}

impl WholeState for TicketUpdated {}
