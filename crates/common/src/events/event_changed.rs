use serde::{Deserialize, Serialize};

use super::{Event, Tolerant, WholeState};
use crate::id::EventId;
use crate::time::Timestamp;
use crate::version::Version;
use crate::zone::ZonedTime;

/// An operator has moved or cancelled what tickets are to: the event as it is now. That one was added is not published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EventChanged {
    /// The event.
    pub id: EventId,
    /// The event's version. The first that is published is 1.
    pub version: Version,
    /// What has become of it.
    pub status: Tolerant<ChangedStatus>,
    /// What it is called.
    pub name: String,
    /// The name of its venue.
    pub venue: String,
    /// Where that is.
    pub city: String,
    /// And where that is.
    pub country: String,
    /// When it begins, or would have, as a clock at the venue shows it.
    pub starts_at: ZonedTime,
    /// When it was moved or cancelled.
    pub changed_at: Timestamp,
}

/// What has become of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ChangedStatus {
    /// It takes place at another time, or in another place, than it said first.
    Moved,
    /// It does not take place.
    Cancelled,
}

impl EventChanged {
    /// Where it takes place, as a ticket to it says it.
    pub fn venue_in_one_line(&self) -> String {
        format!("{}, {}", self.venue, self.city)
    }
}

impl Event for EventChanged {
    const TYPE: &'static str = "tickets.event_changed";
    fn subject(&self) -> String {
        self.id.to_string()
    }
}

impl WholeState for EventChanged {}
