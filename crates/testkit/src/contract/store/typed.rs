//! The typed store on top of the adapter, as services use it.

use std::sync::Arc;

use common::events::{ExpirationCompleted, NewEvent};
use common::outcome::Outcome;
use common::time::Timestamp;
use common::version::{Gaps, Version, Versioned};
use futures::future::join_all;
use ports::clock::Clock;
use ports::store::{Collection, Commit, Precondition, Query, Record, RecordStore, Revision, StoreError};
use runtime::outbox::Relay;
use runtime::store::{Applied, Publish, Store, Stored};
use serde::{Deserialize, Serialize};

use super::Backend;

pub(super) static COUNTERS: Collection = Collection { name: "counters", indexes: &[] };
const RACERS: usize = 400;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Counter {
    pub(super) id: String,
    pub(super) count: u64,
}

impl Stored for Counter {
    const COLLECTION: &'static Collection = &COUNTERS;

    type Record = Self;

    fn id(&self) -> String {
        self.id.clone()
    }
}

/// A counter was incremented.
pub(super) struct Counted;

impl Publish<Counter> for Counted {
    /// The event's content does not matter here.
    fn events(&self, _: &Versioned<Counter>) -> Vec<NewEvent> {
        let order_id = "5f1f77bcf86cd799439011aa".parse().expect("an id");
        vec![NewEvent::of(&ExpirationCompleted { order_id })]
    }
}

pub(super) fn counters(records: &Arc<dyn RecordStore>) -> Store<Counter> {
    Store::new(records.clone(), Relay::unused("counters"), Clock::manual(Timestamp::from_millis(1)))
}

pub(super) fn counter(count: u64) -> Counter {
    Counter { id: "a".into(), count }
}

fn stored(count: u64) -> Versioned<Counter> {
    Versioned { version: Version::FIRST, value: counter(count) }
}

/// 400 tasks of two processes increment concurrently: all are counted, each published once, with its own version.
pub async fn racing_updates_all_land(backend: &Backend) {
    let records = backend.prepared(&[&COUNTERS]).await;
    let processes = [counters(&records), counters(&records)];
    let [store, _] = &processes;
    store.insert(counter(0), &()).await.expect("inserts");
    let updates = processes.iter().cycle().take(RACERS).map(|store| {
        let store = store.clone();
        tokio::spawn(async move {
            store
                .update("a", |counter: &mut Counter, _| {
                    counter.count += 1;
                    Ok::<_, StoreError>(Outcome::Changed(Counted))
                })
                .await
        })
    });
    for update in join_all(updates).await {
        update.expect("did not panic").expect("lands").expect("is there");
    }
    let counter = store.get("a").await.expect("gets").expect("is there");
    assert_eq!((counter.count, counter.version), (400, Version(400)));
    let events = records.unpublished(&COUNTERS, Timestamp::MAX, 1000).await.expect("scans");
    let published: Vec<String> = events.into_iter().map(|event| event.envelope.id).collect();
    assert_eq!(published, (1..=RACERS).map(|version| format!("a:{version}")).collect::<Vec<_>>());
}

/// A replica accepts the next version, ignores older ones, and refuses to skip any.
pub async fn a_replica_advances_by_one(backend: &Backend) {
    let store = counters(&backend.prepared(&[&COUNTERS]).await);
    for (incoming, expected) in [
        (1, Applied::Gap),
        (0, Applied::Now),
        (0, Applied::Before),
        (2, Applied::Gap),
        (1, Applied::Now),
        (2, Applied::Now),
        (1, Applied::Before),
    ] {
        let applied = store.replicate("a", Version(incoming), |_| counter(incoming)).await.expect("replicates");
        assert_eq!(applied, expected, "version {incoming}");
    }
    let replica = store.get("a").await.expect("gets").expect("is there");
    assert_eq!((replica.count, replica.version), (2, Version(2)));
}

/// Where what is missing was superseded, a replica takes a whole state without it, and then goes on one by one.
pub async fn a_replica_skips_what_was_superseded(backend: &Backend) {
    let store = counters(&backend.prepared(&[&COUNTERS]).await);
    for (gaps, incoming, expected) in [
        (Gaps::Superseded, 7, Applied::Now),
        (Gaps::Superseded, 0, Applied::Before),
        (Gaps::Superseded, 9, Applied::Now),
        (Gaps::Superseded, 9, Applied::Before),
        (Gaps::Awaited, 11, Applied::Gap),
        (Gaps::Awaited, 10, Applied::Now),
    ] {
        let applied = store.replicate_over(gaps, "a", Version(incoming), |_| counter(incoming)).await;
        assert_eq!(applied.expect("replicates"), expected, "version {incoming}, {gaps:?}");
    }
}

/// The same versions, each delivered many times concurrently to two processes, are applied once each.
pub async fn racing_duplicates_apply_once(backend: &Backend) {
    let records = backend.prepared(&[&COUNTERS]).await;
    let processes = [counters(&records), counters(&records)];
    for version in 0..3 {
        let deliveries = processes.iter().cycle().take(16).map(|store| {
            let store = store.clone();
            tokio::spawn(async move {
                let count = |present: Option<Counter>| counter(present.map_or(0, |present| present.count) + 1);
                store.replicate("a", Version(version), count).await.expect("replicates")
            })
        });
        let applied = join_all(deliveries).await.into_iter().map(|applied| applied.expect("did not panic"));
        assert_eq!(applied.filter(|applied| *applied == Applied::Now).count(), 1, "version {version}");
    }
    assert_eq!(processes[0].get("a").await.expect("gets").expect("is there").count, 3);
}

/// An unreadable record does not hide the readable ones, and fails by itself.
pub async fn an_unreadable_record_hides_no_others(backend: &Backend) {
    let records = backend.prepared(&[&COUNTERS]).await;
    let store = counters(&records);
    store.insert(counter(7), &()).await.expect("inserts");
    let body = serde_json::Map::from_iter([("count".to_owned(), "many".into())]);
    let record = Record { id: "b".into(), revision: Revision(0), body };
    let precondition = Precondition::DoesNotExist;
    let events = Vec::new();
    records.commit(Commit { collection: &COUNTERS, record, precondition, events }).await.expect("inserts");
    assert_eq!(store.find(&Query::default()).await.expect("finds"), [stored(7)]);
    assert_eq!(store.page(Query::default(), 10).await.expect("finds").items, [stored(7)]);
    assert!(matches!(store.get("b").await, Err(StoreError::Corrupt(_))));
}

/// Changes without an event leave the version as it is: consumers see no gap between the events before and
/// after, and optimistic locking still detects each change.
pub async fn silent_changes_leave_the_version_alone(backend: &Backend) {
    let records = backend.prepared(&[&COUNTERS]).await;
    let store = counters(&records);
    store.insert(counter(0), &()).await.expect("inserts");
    for silent in [true, true, false, true, false] {
        let count = |counter: &mut Counter, _| {
            counter.count += 1;
            Ok::<_, StoreError>(Outcome::Changed(if silent { None } else { Some(Counted) }))
        };
        store.update("a", count).await.expect("lands").expect("is there");
    }
    let counter = store.get("a").await.expect("gets").expect("is there");
    assert_eq!((counter.count, counter.version), (5, Version(2)));
    let record = records.get(&COUNTERS, "a").await.expect("gets").expect("is there");
    assert_eq!(record.revision, Revision(5));
    let events = records.unpublished(&COUNTERS, Timestamp::MAX, 100).await.expect("scans");
    assert_eq!(events.iter().map(|event| event.envelope.id.as_str()).collect::<Vec<_>>(), ["a:1", "a:2"]);
}
