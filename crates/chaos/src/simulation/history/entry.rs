use std::time::Duration;

use common::time::Timestamp;
use serde_json::{Map, Value};

use crate::simulation::place::Place;

/// One thing that happened.
#[derive(Debug, Clone)]
pub(in crate::simulation) struct Entry {
    /// In true time, since the beginning.
    pub(in crate::simulation) at: Duration,
    pub(in crate::simulation) what: Happening,
}

/// What happened.
#[derive(Debug, Clone)]
pub(in crate::simulation) enum Happening {
    /// Somebody sent a request.
    Asked { number: u64, person: usize, session: usize, place: Place, call: String, body: Value },
    /// They got an answer. None is there if the connection broke, or they lost patience.
    Answered { number: u64, status: Option<u16>, body: Value },
    /// A record was written.
    Committed(Box<Committed>),
    /// An event was kept by the bus.
    Published(Told),
    /// A consumer acknowledged an event.
    Acknowledged { consumer: String, event: String },
    /// Something went wrong at a service.
    Trouble { place: Place, what: String },
    /// A service crashed.
    Crashed { place: Place, when: String },
    /// A service came up.
    Started { place: Place },
    /// Everything crashed, and the bus with it.
    PowerCut,
    /// A service's clock was set wrong, by so many milliseconds.
    ClockSet { place: Place, skew: i64 },
    /// From now on nothing goes wrong any more.
    Healed,
    /// Nothing is left to do.
    Settled,
}

/// A commit that was written.
#[derive(Debug, Clone)]
pub(in crate::simulation) struct Committed {
    pub(in crate::simulation) place: Place,
    pub(in crate::simulation) collection: &'static str,
    pub(in crate::simulation) id: String,
    pub(in crate::simulation) version: u64,
    pub(in crate::simulation) body: Map<String, Value>,
    pub(in crate::simulation) events: Vec<Told>,
    /// What the service's clock showed.
    pub(in crate::simulation) clock: Timestamp,
}

/// An event, in short.
#[derive(Debug, Clone)]
pub(in crate::simulation) struct Told {
    pub(in crate::simulation) id: String,
    pub(in crate::simulation) source: String,
    pub(in crate::simulation) kind: String,
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

    pub(in crate::simulation) fn is_of(&self, place: Place, collection: &str) -> bool {
        self.place == place && self.collection == collection
    }
}
