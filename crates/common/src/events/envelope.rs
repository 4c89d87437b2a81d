use serde::{Deserialize, Serialize};

use super::{Event, Payload};
use crate::time::Timestamp;
use crate::version::Version;

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

/// The aggregate and its version that an event's id names; `None` for the further events of a commit, and for
/// replayed dead letters.
pub fn aggregate_version(id: &str) -> Option<(&str, Version)> {
    let (aggregate, version) = id.rsplit_once(':')?;
    let version = version.parse().ok()?;
    (!aggregate.contains(':')).then_some((aggregate, Version(version)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_a_version_unless_it_is_a_further_event_or_a_replay() {
        assert_eq!(aggregate_version("5f1f77bcf86cd799439011aa:12"), Some(("5f1f77bcf86cd799439011aa", Version(12))));
        for other in ["a:3:1", "a:3/replay-7-1", "a:", "a", "", "a:-1", "a:99999999999999999999"] {
            assert_eq!(aggregate_version(other), None, "{other}");
        }
    }
}
