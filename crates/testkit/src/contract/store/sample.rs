//! The sample collection of the rules.

use common::events::Envelope;
use common::time::Timestamp;
use ports::store::{
    Collection, Commit, Condition, Conflict, Index, Only, OutboxEntry, OutboxKey, Precondition, Query, Record,
    RecordStore, Revision, StoreError,
};
use serde_json::{Map, Value, json};

/// The type of the items' events.
pub(super) const CHANGED: &str = "items.changed";

/// Items with one index of each kind.
pub(super) static ITEMS: Collection = Collection {
    name: "items",
    indexes: &[
        Index { name: "by_owner", fields: &["owner", "rank"], unique: false, only: None },
        Index { name: "by_rank", fields: &["rank"], unique: false, only: None },
        Index {
            name: "words",
            fields: &["words[]"],
            unique: false,
            only: Some(Only { field: "status", values: &["created", "awaiting:payment"] }),
        },
        Index { name: "code", fields: &["code"], unique: true, only: None },
        Index {
            name: "active",
            fields: &["ticket.id"],
            unique: true,
            only: Some(Only { field: "status", values: &["created", "awaiting:payment"] }),
        },
    ],
};

/// A body without conflicts, changed by the fields of `changes`.
pub(super) fn body(id: &str, changes: Value) -> Map<String, Value> {
    let mut body = object(json!({
        "code": format!("code of {id}"),
        "ticket": {"id": format!("ticket of {id}")},
        "status": "created",
        "owner": "ada",
        "rank": 0,
    }));
    body.extend(object(changes));
    body
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    let Value::Object(fields) = value else { panic!("{value} is not an object") };
    fields
}

/// The commit of a new item.
pub(super) fn new(id: &str, changes: Value) -> Commit {
    let record = Record { id: id.into(), revision: Revision(0), body: body(id, changes) };
    Commit { collection: &ITEMS, record, precondition: Precondition::DoesNotExist, events: Vec::new() }
}

/// The commit that takes an item from revision `from` to the next.
pub(super) fn change(id: &str, from: u64, changes: Value) -> Commit {
    let record = Record { id: id.into(), revision: Revision(from + 1), body: body(id, changes) };
    let precondition = Precondition::MatchesRevision(Revision(from));
    Commit { collection: &ITEMS, record, precondition, events: Vec::new() }
}

/// The same commit, with an event at `millis`.
pub(super) fn with_event(mut commit: Commit, millis: i64) -> Commit {
    let (id, revision) = (&commit.record.id, commit.record.revision);
    commit.events.push(Envelope {
        id: format!("{id}:{revision}"),
        source: "items".into(),
        kind: CHANGED.into(),
        subject: id.clone(),
        time: Timestamp::from_millis(millis),
        traceparent: None,
        replay_for: None,
        data: json!({"id": id, "version": revision.0}).into(),
    });
    commit
}

pub(super) async fn insert(store: &dyn RecordStore, id: &str, changes: Value) {
    store.commit(new(id, changes)).await.expect("inserts");
}

pub(super) async fn get(store: &dyn RecordStore, id: &str) -> Option<Record> {
    store.get(&ITEMS, id).await.expect("gets")
}

/// The ids of the records that meet these conditions.
pub(super) async fn ids(store: &dyn RecordStore, conditions: Vec<Condition>) -> Vec<String> {
    let found = store.find(&ITEMS, &Query::all(conditions)).await.expect("finds");
    found.into_iter().map(|record| record.id).collect()
}

/// The ids of all unpublished events.
pub(super) async fn waiting(store: &dyn RecordStore) -> Vec<String> {
    let mut events = event_ids(&unpublished(store, Timestamp::MAX, 1000).await);
    events.sort();
    events
}

pub(super) async fn unpublished(store: &dyn RecordStore, before: Timestamp, limit: usize) -> Vec<OutboxEntry> {
    store.unpublished(&ITEMS, before, limit).await.expect("scans")
}

pub(super) fn event_ids(events: &[OutboxEntry]) -> Vec<String> {
    events.iter().map(|event| event.envelope.id.clone()).collect()
}

/// Marks the event `ID:VERSION` of record `ID` as published.
pub(super) async fn mark(store: &dyn RecordStore, event_ids: &[&str]) {
    let published = |event_id: &&str| {
        let (record_id, _) = event_id.split_once(':').expect("ID:VERSION");
        OutboxKey { record_id: record_id.into(), event_id: (*event_id).into() }
    };
    let events: Vec<_> = event_ids.iter().map(published).collect();
    store.mark_published(&ITEMS, &events).await.expect("marks");
}

/// The conflict of a refused commit; `None` if it was written.
pub(super) fn conflict(outcome: Result<(), StoreError>) -> Option<Conflict> {
    match outcome {
        Ok(()) => None,
        Err(StoreError::Conflict(conflict)) => Some(conflict),
        Err(error) => panic!("neither written nor a conflict: {error}"),
    }
}
