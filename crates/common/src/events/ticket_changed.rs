use serde::{Deserialize, Serialize};

use super::{Event, WholeState};
use crate::delivery::DeliveryPromise;
use crate::edition::Edition;
use crate::id::{EventId, OrderId, TicketId, UserId};
use crate::money::{Currency, Price};
use crate::time::Timestamp;
use crate::version::Version;
use crate::zone::{TimeZone, ZonedTime};

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
    /// The order that holds it, while it is locked or sold; or, of a withdrawn ticket, the order that was cancelled because
    /// the ticket had not come to its buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// Whether that order has been paid.
    #[serde(default)]
    pub sold: bool,
    /// Which edition of the ticket this is.
    #[serde(default, skip_serializing_if = "Edition::is_first")]
    pub edition: Edition,
    /// Whether it has been taken back, for good.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// Set where its event was moved or cancelled and the ticket follows with this very change: the version of the event
    /// that it follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows_event: Option<Version>,
    /// What it admits to.
    #[serde(flatten)]
    pub details: EventDetails,
}

/// What a ticket admits to, and how it comes to its buyer; all of it optional.
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
    /// The time zone of the venue. Without it, nobody knows which time of day it begins at there.
    #[serde(default, deserialize_with = "TimeZone::read_if_known", skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<TimeZone>,
    /// The event, where it is one that is known here: its name, its venue and its beginning are those above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
    /// Which of the event's kinds of tickets this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// How it comes to its buyer; nothing is promised where that is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryPromise>,
}

impl EventDetails {
    /// When it begins, as a clock at the venue shows it; `None` if its zone is not known.
    pub fn starts_there(&self) -> Option<ZonedTime> {
        Some(ZonedTime { moment: self.starts_at?, zone: self.time_zone.clone()? })
    }
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
