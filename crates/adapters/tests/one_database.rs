//! What only a store promises that is in one database with the bus.
#![cfg(feature = "embedded")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use adapters::database::{Database, Memory};
use adapters::local::LocalBus;
use adapters::sqlite::SqliteStore;
use common::events::Envelope;
use common::time::Timestamp;
use ports::bus::{Bus, Consumer, Stream, Watched};
use ports::clock::Clock;
use ports::store::{Collection, Commit, Index, Precondition, Query, Record, RecordStore, Revision, StoreError};
use serde_json::{Map, Value};

static ITEMS: Collection =
    Collection { name: "items", indexes: &[Index { name: "code", fields: &["code"], unique: true, only: None }] };
const STREAM: Stream = Stream::new("items");
const CHANGED: &str = "items.changed";

fn event(id: &str) -> Envelope {
    Envelope {
        id: format!("{id}:0"),
        source: "items".into(),
        kind: CHANGED.into(),
        subject: id.into(),
        time: Timestamp::from_millis(1),
        traceparent: None,
        replay_for: None,
        data: Value::Null.into(),
    }
}

fn item(id: &str, code: &str) -> Commit {
    Commit {
        collection: &ITEMS,
        record: Record { id: id.into(), revision: Revision(0), body: Map::from_iter([("code".into(), code.into())]) },
        precondition: Precondition::DoesNotExist,
        events: vec![event(id)],
    }
}

fn consumer() -> Consumer {
    Consumer::new("watchers", STREAM.name, vec![CHANGED])
}

async fn opened(database: &Database) -> (LocalBus, SqliteStore) {
    let bus = LocalBus::on(database, Clock::system()).expect("opens");
    bus.declare(&STREAM).await.expect("declares");
    let store = bus.store("items");
    store.prepare(&[&ITEMS]).await.expect("prepares");
    (bus, store)
}

/// The subjects of all events in the log, in order.
async fn logged(bus: &LocalBus) -> Vec<String> {
    let mut watch = bus.watch(STREAM.name, &[CHANGED], true).await.expect("watches");
    let mut subjects = Vec::new();
    while let Watched::Event(envelope) = watch.next().await.expect("watches") {
        subjects.push(envelope.subject.clone());
    }
    subjects
}

#[tokio::test]
async fn an_event_is_in_the_log_when_its_commit_returns_and_a_refused_commit_leaves_none() {
    let memory = Memory::new().expect("there is memory");
    let (bus, store) = opened(&Database::on(&memory)).await;
    assert!(store.publishes());
    store.commit(item("a", "x")).await.expect("inserts");
    assert_eq!(bus.backlog(&consumer()).await.expect("counts").pending, 1);
    for refused in [item("a", "y"), item("b", "x")] {
        assert!(matches!(store.commit(refused).await, Err(StoreError::Conflict(_))));
    }
    assert_eq!(logged(&bus).await, ["a"]);
    assert!(store.unpublished(&ITEMS, Timestamp::MAX, 10).await.expect("scans").is_empty());
    let (bus, _store) = opened(&Database::on(&memory)).await;
    assert_eq!(logged(&bus).await, ["a"], "as the next process sees it");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_hears_of_a_change_finds_it() {
    const CHANGES: u64 = 300;
    let directory = tempfile::tempdir().expect("a directory");
    let (bus, store) = opened(&Database::open(&directory.path().join("all.db")).expect("opens")).await;
    let mut deliveries = bus.consume(&consumer()).await.expect("joins");
    let mut first = item("a", "x");
    first.events.clear();
    store.commit(first).await.expect("inserts");
    let changing = async {
        for revision in 0..CHANGES {
            let mut change = item("a", "x");
            change.record.revision = Revision(revision + 1);
            change.precondition = Precondition::MatchesRevision(Revision(revision));
            change.events = vec![Envelope { id: format!("a:{}", revision + 1), ..event("a") }];
            store.commit(change).await.expect("updates");
        }
    };
    let hearing = async {
        for revision in 1..=CHANGES {
            let delivery = deliveries.next().await.expect("delivers");
            assert_eq!(delivery.envelope.id, format!("a:{revision}"));
            let found = store.get(&ITEMS, "a").await.expect("reads").expect("is there");
            assert!(found.revision >= Revision(revision), "{:?} is older than what was heard", found.revision);
            delivery.acknowledger.ack().await.expect("acknowledges");
        }
    };
    tokio::join!(changing, hearing);
}

#[tokio::test]
async fn an_event_whose_id_is_in_the_log_is_left_out() {
    let (bus, store) = opened(&Database::in_memory().expect("opens")).await;
    for published in bus.publish(&[event("a")]).await {
        published.expect("publishes");
    }
    store.commit(item("a", "x")).await.expect("inserts");
    assert_eq!(logged(&bus).await, ["a"]);
}

#[tokio::test]
async fn a_commit_to_an_undeclared_stream_is_refused_and_leaves_nothing() {
    let bus = LocalBus::in_memory().expect("opens");
    let store = bus.store("items");
    store.prepare(&[&ITEMS]).await.expect("prepares");
    let refused = store.commit(item("a", "x")).await.expect_err("there is no stream").to_string();
    assert!(refused.contains("no stream items"), "{refused}");
    assert_eq!(store.get(&ITEMS, "a").await.expect("reads"), None);
}

#[tokio::test]
async fn services_see_only_their_own_collections() {
    let (bus, store) = opened(&Database::in_memory().expect("opens")).await;
    let other = bus.store("others");
    other.prepare(&[&ITEMS]).await.expect("prepares");
    store.commit(item("a", "x")).await.expect("inserts");
    let mut same = item("a", "x");
    same.events.clear();
    other.commit(same).await.expect("the other's indexes are its own");
    assert_eq!(other.purge(&ITEMS, &[]).await.expect("purges"), 1);
    assert_eq!(store.find(&ITEMS, &Query::default()).await.expect("finds").len(), 1);
}

#[tokio::test]
async fn what_an_outbox_held_is_published_once_when_the_bus_moves_in() {
    let memory = Memory::new().expect("there is memory");
    let relayed = SqliteStore::on(&Database::on(&memory), "items");
    relayed.prepare(&[&ITEMS]).await.expect("prepares");
    for id in ["a", "b", "c"] {
        relayed.commit(item(id, id)).await.expect("inserts");
    }
    // Published by a relay that died before it cleared it.
    let bus = LocalBus::on(&Database::on(&memory), Clock::system()).expect("opens");
    bus.declare(&STREAM).await.expect("declares");
    for published in bus.publish(&[event("b")]).await {
        published.expect("publishes");
    }
    for _start in 0..2 {
        let (bus, store) = opened(&Database::on(&memory)).await;
        assert_eq!(logged(&bus).await, ["b", "a", "c"]);
        assert_eq!(bus.backlog(&consumer()).await.expect("counts").pending, 3);
        assert!(store.unpublished(&ITEMS, Timestamp::MAX, 10).await.expect("scans").is_empty());
    }
    let relayed = SqliteStore::on(&Database::on(&memory), "items");
    relayed.prepare(&[&ITEMS]).await.expect("prepares");
    assert!(relayed.unpublished(&ITEMS, Timestamp::MAX, 10).await.expect("scans").is_empty());
}

#[tokio::test]
async fn acknowledgements_go_with_other_writes_and_are_kept() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("all.db");
    let (bus, store) = opened(&Database::open(&path).expect("opens")).await;
    store.commit(item("a", "x")).await.expect("inserts");
    let mut deliveries = bus.consume(&consumer()).await.expect("joins");
    let delivery = tokio::time::timeout(Duration::from_secs(10), deliveries.next()).await.expect("soon");
    delivery.expect("delivers").acknowledger.ack().await.expect("acknowledges");
    drop((deliveries, store, bus));
    let (bus, _store) = opened(&Database::open(&path).expect("is free")).await;
    assert!(bus.backlog(&consumer()).await.expect("counts").is_empty());
}

/// The example that writes until it is killed. Cargo puts it next to the directory of the tests.
fn writer() -> PathBuf {
    let this = std::env::current_exe().expect("this program");
    let profile = this.parent().and_then(Path::parent).expect("target/PROFILE/deps/THIS");
    let writer = profile.join("examples/write_until_killed");
    assert!(writer.exists(), "{} is missing: cargo build -p adapters --examples", writer.display());
    writer
}

/// Whenever the process dies, every record has its event in the log, and every event its record.
#[tokio::test(flavor = "multi_thread")]
async fn records_and_events_survive_kill_9_together() {
    const ACKNOWLEDGED: usize = 300;
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("all.db");
    let mut writer = Command::new(writer());
    let mut writer = writer.arg(&path).arg("with-bus").stdout(Stdio::piped()).spawn().expect("starts");
    let output = BufReader::new(writer.stdout.take().expect("is piped"));
    let lines = output.lines().map(|line| line.expect("is text"));
    let acknowledged: Vec<String> = lines.take(ACKNOWLEDGED).collect();
    writer.kill().expect("dies");
    writer.wait().expect("is dead");
    assert_eq!(acknowledged.len(), ACKNOWLEDGED);

    let (bus, store) = opened(&Database::open(&path).expect("opens")).await;
    let written = store.find(&ITEMS, &Query::default()).await.expect("finds");
    let mut written: Vec<String> = written.into_iter().map(|record| record.id).collect();
    let mut published = logged(&bus).await;
    for id in &acknowledged {
        assert!(written.contains(id), "{id} is lost");
    }
    written.sort_unstable();
    published.sort_unstable();
    assert_eq!(written, published);
}
