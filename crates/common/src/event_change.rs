//! What an operator asks the tickets service about an event, and to change about it.

use serde::{Deserialize, Serialize};

use crate::id::EventId;

/// The path of [`ChangeEvent`] in the tickets service.
pub const CHANGE_EVENT: &str = "/internal/tickets/change-event";

/// The path of [`FindEvent`] there.
pub const FIND_EVENT: &str = "/internal/tickets/find-event";

/// Asks which event it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindEvent {
    /// What it is called in addresses, or its id.
    pub event: String,
}

/// The answer to [`FindEvent`], where there is such an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundEvent {
    /// Its id.
    pub id: EventId,
    /// What it is called in addresses.
    pub slug: String,
    /// What it is called.
    pub name: String,
}

/// Asks that an event be moved or cancelled. Asking again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeEvent {
    /// What it is called in addresses, or its id.
    pub event: String,
    /// What becomes of it.
    pub change: EventChange,
}

/// What becomes of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EventChange {
    /// It does not take place, for good.
    Cancel,
    /// It takes place at another time, or in another place.
    Move(Move),
}

/// When and where an event takes place now. What is not said stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Move {
    /// A date and time of day at the venue, or with an offset from UTC.
    #[serde(default)]
    pub starts_at: Option<String>,
    /// The time zone of the venue.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// The name of the venue.
    #[serde(default)]
    pub venue: Option<String>,
    /// Where that is.
    #[serde(default)]
    pub city: Option<String>,
    /// And where that is.
    #[serde(default)]
    pub country: Option<String>,
}

/// The event as it is now: the answer to [`ChangeEvent`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangedEvent {
    /// What it is called in addresses.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// Where it takes place: the venue, its city and its country.
    pub place: String,
    /// When it begins, with the time zone of the venue.
    pub starts_at: String,
    /// Whether it is cancelled.
    pub cancelled: bool,
}
