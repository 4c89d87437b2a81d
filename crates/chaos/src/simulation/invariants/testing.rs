//! Histories made by hand, for the tests of the checks.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use common::time::Timestamp;
use ports::store::{Record, Revision};
use serde_json::{Map, Value};
use server::services::ServiceName;
use stripe_sim::{Ledger, LedgerIntent};

use super::run::Run;
use crate::simulation::chance::Chance;
use crate::simulation::history::{Committed, Entry, EventRef, HistoryEvent};
use crate::simulation::party::{Actor, ProcessName};
use crate::simulation::plan::Plan;
use crate::simulation::system::BEGINNING;

/// A run with this history, that leaves nothing behind.
pub(super) fn run(entries: Vec<Entry>) -> Run {
    let healed = entries.iter().find(|entry| matches!(entry.what, HistoryEvent::Healed));
    Run {
        plan: Plan { is_calm: false, ..Plan::of(0, &Chance::new(0)) },
        came_to_rest: true,
        healed_at: healed.map_or(Duration::MAX, |entry| entry.at),
        records: BTreeMap::new(),
        kept: BTreeSet::new(),
        dead_letters: Vec::new(),
        ledger: Ledger { intents: Vec::new() },
        entries,
    }
}

/// The only process of a service.
pub(super) fn first(service: ServiceName) -> ProcessName {
    ProcessName { service, number: 0 }
}

impl From<ServiceName> for Actor {
    fn from(service: ServiceName) -> Self {
        Self::Process(first(service))
    }
}

/// A commit of a record that nobody has changed before.
pub(super) fn committed(by: impl Into<Actor>, collection: &'static str, id: &str, body: Value) -> Committed {
    let Value::Object(body) = body else { panic!("a record is an object") };
    Committed {
        by: by.into(),
        collection,
        id: id.into(),
        revision: 0,
        version: 0,
        body: Map::from_iter(body),
        events: Vec::new(),
        read_at: Duration::ZERO,
    }
}

/// Has the record be like this in the end.
pub(super) fn leave(run: &mut Run, service: ServiceName, collection: &'static str, id: &str, body: Value) {
    let Committed { id, body, .. } = committed(service, collection, id, body);
    let record = Record { id: id.clone(), revision: Revision::FIRST, body };
    run.records.entry((service, collection)).or_default().insert(id, record);
}

/// The event of this kind about the record.
pub(super) fn event(kind: &str, id: &str) -> EventRef {
    EventRef { id: format!("{id}:0"), source: "somebody".into(), kind: kind.into(), data: Value::Null }
}

/// A commit, at that time.
pub(super) fn written(at: Duration, commit: Committed) -> Entry {
    Entry { at, what: HistoryEvent::Committed(Box::new(commit)) }
}

/// A clock of a service that is set wrong, at that time.
pub(super) fn set(at: Duration, service: ServiceName, skew: i64) -> Entry {
    Entry { at, what: HistoryEvent::ClockSet { process: first(service), skew } }
}

/// What a correct clock shows at that time.
pub(super) fn shown(at: Duration) -> String {
    (Timestamp::from_millis(BEGINNING) + at).to_string()
}

/// A request and its successful answer.
pub(super) fn answered(at: Duration, service: ServiceName, call: &str, body: Value) -> [Entry; 2] {
    let asked = HistoryEvent::Asked {
        number: 0,
        person: 0,
        session: 0,
        process: first(service),
        call: call.into(),
        headers: Vec::new(),
        body: Value::Null,
    };
    [Entry { at, what: asked }, Entry { at, what: HistoryEvent::Answered { number: 0, status: Some(200), body } }]
}

/// An intent of which so much is captured.
pub(super) fn intent(status: &str, captured: i64) -> LedgerIntent {
    LedgerIntent {
        id: "pi".into(),
        status: status.into(),
        amount: 100,
        currency: "usd".into(),
        captured,
        refunds: Vec::new(),
        disputed: 0,
        dispute: None,
        bank_page: None,
        metadata: Vec::new(),
    }
}
