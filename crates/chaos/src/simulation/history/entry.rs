use std::time::Duration;

use common::events::Envelope;
use serde_json::{Map, Value};
use server::services::ServiceName;

use crate::simulation::party::{Actor, Party, ProcessName};

/// One event of a run.
#[derive(Debug, Clone)]
pub(in crate::simulation) struct Entry {
    /// In true time, since the beginning.
    pub(in crate::simulation) at: Duration,
    pub(in crate::simulation) what: HistoryEvent,
}

/// What happened.
#[derive(Debug, Clone)]
pub(in crate::simulation) enum HistoryEvent {
    /// A request was sent.
    Asked {
        number: u64,
        person: usize,
        session: usize,
        process: ProcessName,
        call: String,
        headers: Vec<(&'static str, String)>,
        body: Value,
    },
    /// A response was received; `None` if the connection broke or the client timed out.
    Answered { number: u64, status: Option<u16>, body: Value },
    /// A record was written.
    Committed(Box<Committed>),
    /// The bus stored an event.
    Published(EventRef),
    /// A consumer acknowledged an event, which this process had been given.
    Acknowledged { process: ProcessName, consumer: String, event: String },
    /// The mail server took a mail with this Message-ID; whoever sent it was told so, or was not.
    Mailed { mail: String, is_answered: bool },
    /// A fault happened.
    Trouble { who: Actor, what: String },
    /// A process crashed.
    Crashed { process: ProcessName, when: String },
    /// A process started.
    Started { process: ProcessName },
    /// Everything crashed, including the bus.
    PowerCut,
    /// The clock of a process was set wrong, by so many milliseconds.
    ClockSet { process: ProcessName, skew: i64 },
    /// No more faults from now on.
    Healed,
    /// The system is idle.
    Settled,
}

/// A commit that was written.
#[derive(Debug, Clone)]
pub(in crate::simulation) struct Committed {
    pub(in crate::simulation) by: Actor,
    pub(in crate::simulation) collection: &'static str,
    pub(in crate::simulation) id: String,
    /// The revision of the record.
    pub(in crate::simulation) revision: u64,
    /// The number of published changes of the aggregate: its version for other services.
    pub(in crate::simulation) version: u64,
    pub(in crate::simulation) body: Map<String, Value>,
    pub(in crate::simulation) events: Vec<EventRef>,
    /// Since when the process had known the revision before this one: the change was decided between then and the commit.
    pub(in crate::simulation) read_at: Duration,
}

/// The event.
#[derive(Debug, Clone)]
pub(in crate::simulation) struct EventRef {
    pub(in crate::simulation) id: String,
    pub(in crate::simulation) source: String,
    pub(in crate::simulation) kind: String,
    pub(in crate::simulation) data: Value,
}

impl From<&Envelope> for EventRef {
    fn from(envelope: &Envelope) -> Self {
        Self {
            id: envelope.id.clone(),
            source: envelope.source.clone(),
            kind: envelope.kind.clone(),
            data: envelope.data.read().unwrap_or_default(),
        }
    }
}

impl Committed {
    /// Whose database it was written to.
    pub(in crate::simulation) fn party(&self) -> Party {
        self.by.party()
    }

    /// The string at a dotted path of the body.
    pub(in crate::simulation) fn text(&self, path: &str) -> Option<&str> {
        self.field(path).as_str()
    }

    /// The value at a dotted path of the body, `null` if there is none.
    pub(in crate::simulation) fn field(&self, path: &str) -> &Value {
        let mut names = path.split('.');
        let first = names.next().and_then(|name| self.body.get(name)).unwrap_or(&Value::Null);
        names.fold(first, |value, name| value.get(name).unwrap_or(&Value::Null))
    }

    /// Whether it is an order. Orders keeps the editions of tickets that are closed among them.
    pub(in crate::simulation) fn is_order(&self) -> bool {
        self.is_of(ServiceName::Orders, "orders") && self.text("status") != Some("closed")
    }

    pub(in crate::simulation) fn is_of(&self, party: impl Into<Party>, collection: &str) -> bool {
        self.party() == party.into() && self.collection == collection
    }
}
