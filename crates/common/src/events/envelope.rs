use serde::{Deserialize, Serialize};

use super::{Event, Payload};
use crate::time::Timestamp;

/// An event as it is stored in the outbox and sent over the bus: CloudEvents 1.0 attributes around the
/// payload. Given to a consumer, it is a `Delivery` (of `ports::bus`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// Unique within the source, by which duplicates are recognised: `{aggregate id}:{version}`; the further
    /// events of the same commit add their position, as in `{aggregate id}:{version}:1`.
    pub id: String,
    /// The service that publishes it: `tickets`.
    pub source: String,
    /// The event's type and its subject on the bus: `tickets.created`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The aggregate it is about.
    pub subject: String,
    /// When the change was committed.
    pub time: Timestamp,
    /// W3C trace context of the request that caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// Set on a replayed dead letter: the one durable consumer it is meant for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replay_for: Option<String>,
    /// The payload.
    pub data: Payload,
}

impl Envelope {
    /// The stream it belongs to: the owning service's name.
    pub fn stream(&self) -> &str {
        stream_of(&self.kind)
    }

    /// Reads the payload as `E`.
    ///
    /// # Errors
    /// If it does not have the shape of `E`.
    pub fn payload<E: Event>(&self) -> Result<E, serde_json::Error> {
        self.data.read()
    }
}

/// The stream that events of `kind` are kept in.
pub fn stream_of(kind: &str) -> &str {
    kind.split('.').next().unwrap_or(kind)
}

/// An event of a change, before the store makes an [`Envelope`] of it with an id and a time.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// The event's type.
    pub kind: &'static str,
    /// The aggregate it is about.
    pub subject: String,
    /// The payload.
    pub data: Payload,
}

impl NewEvent {
    /// Takes an event's payload.
    ///
    /// # Panics
    /// Never: events are plain structs, which always serialise.
    pub fn of<E: Event>(event: &E) -> Self {
        let data = Payload::of(event).expect("a plain struct serialises");
        Self { kind: E::TYPE, subject: event.subject(), data }
    }
}
