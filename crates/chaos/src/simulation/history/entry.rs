use std::time::Duration;

use common::events::Envelope;
use common::time::Timestamp;
use serde_json::{Map, Value};
use server::services::ServiceName;

use crate::simulation::party::Party;

/// One thing that happened.
#[derive(Debug, Clone)]
pub(in crate::simulation) struct Entry {
    /// In true time, since the beginning.
    pub(in crate::simulation) at: Duration,
    pub(in crate::simulation) what: HistoryEvent,
}

/// What happened.
#[derive(Debug, Clone)]
pub(in crate::simulation) enum HistoryEvent {
    /// Somebody sent a request.
    Asked { number: u64, person: usize, session: usize, service: ServiceName, call: String, body: Value },
    /// They got an answer. None is there if the connection broke, or they lost patience.
    Answered { number: u64, status: Option<u16>, body: Value },
    /// A record was written.
    Committed(Box<Committed>),
    /// An event was kept by the bus.
    Published(EventRef),
    /// A consumer acknowledged an event.
    Acknowledged { consumer: String, event: String },
    /// Something went wrong for somebody.
    Trouble { party: Party, what: String },
    /// A service crashed.
    Crashed { service: ServiceName, when: String },
    /// A service came up.
    Started { service: ServiceName },
    /// Everything crashed, and the bus with it.
    PowerCut,
    /// A service's clock was set wrong, by so many milliseconds.
    ClockSet { service: ServiceName, skew: i64 },
    /// From now on nothing goes wrong any more.
    Healed,
    /// Nothing is left to do.
    Settled,
}

/// A commit that was written.
#[derive(Debug, Clone)]
pub(in crate::simulation) struct Committed {
    pub(in crate::simulation) party: Party,
    pub(in crate::simulation) collection: &'static str,
    pub(in crate::simulation) id: String,
    /// Which write of the record this is.
    pub(in crate::simulation) revision: u64,
    /// How many changes of the aggregate have been published: what others know it by.
    pub(in crate::simulation) version: u64,
    pub(in crate::simulation) body: Map<String, Value>,
    pub(in crate::simulation) events: Vec<EventRef>,
    /// What the service's clock showed.
    pub(in crate::simulation) clock: Timestamp,
}

/// Which event.
#[derive(Debug, Clone)]
pub(in crate::simulation) struct EventRef {
    pub(in crate::simulation) id: String,
    pub(in crate::simulation) source: String,
    pub(in crate::simulation) kind: String,
}

impl From<&Envelope> for EventRef {
    fn from(envelope: &Envelope) -> Self {
        Self { id: envelope.id.clone(), source: envelope.source.clone(), kind: envelope.kind.clone() }
    }
}

impl Committed {
    /// The text at a dotted path of the body.
    pub(in crate::simulation) fn text(&self, path: &str) -> Option<&str> {
        self.field(path).as_str()
    }

    /// The value at a dotted path of the body, `null` where there is none.
    pub(in crate::simulation) fn field(&self, path: &str) -> &Value {
        let mut names = path.split('.');
        let first = names.next().and_then(|name| self.body.get(name)).unwrap_or(&Value::Null);
        names.fold(first, |value, name| value.get(name).unwrap_or(&Value::Null))
    }

    pub(in crate::simulation) fn is_of(&self, party: impl Into<Party>, collection: &str) -> bool {
        self.party == party.into() && self.collection == collection
    }
}
