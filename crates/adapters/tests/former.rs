//! Data directories of the version before: a file for each service and one for the bus.
#![cfg(feature = "embedded")]

use std::path::Path;

use adapters::database::Database;
use adapters::former::open_with_former;
use adapters::local::LocalBus;
use common::events::Envelope;
use common::time::Timestamp;
use ports::bus::{Bus, Watched};
use ports::clock::Clock;
use ports::store::{Collection, Query, ReadLimits, RecordStore};
use rusqlite::Connection;
use tempfile::TempDir;

static ITEMS: Collection = Collection { name: "items", indexes: &[] };
const SERVICES: [&str; 2] = ["orders", "tickets"];
const FILES: [&str; 3] = ["orders.db", "tickets.db", "bus.db"];

/// The event of the item `id`.
fn event(id: &str) -> Envelope {
    Envelope {
        id: format!("{id}:0"),
        source: "items".into(),
        kind: "items.changed".into(),
        subject: id.into(),
        time: Timestamp::from_millis(1),
        traceparent: None,
        replay_for: None,
        data: serde_json::json!({}).into(),
    }
}

/// A file of a service with two items, as the version before left it. The event of the second waits.
fn write_store(path: &Path, service: &str) {
    let db = Connection::open(path).expect("opens");
    let [published, waiting] = ["published", "waiting"].map(|state| format!("{service}-{state}"));
    let envelope = serde_json::to_string(&event(&waiting)).expect("JSON");
    db.execute_batch(&format!(
        r#"PRAGMA journal_mode = WAL;
        CREATE TABLE "items" (id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
        ALTER TABLE "items" ADD COLUMN "$rank" GENERATED ALWAYS AS (body ->> '$."rank"') VIRTUAL;
        CREATE TABLE "items$outbox" (seq INTEGER PRIMARY KEY, record_id TEXT NOT NULL, event_id TEXT NOT NULL,
                                     time INTEGER NOT NULL, envelope TEXT NOT NULL);
        CREATE TABLE "items$words" (value, id TEXT NOT NULL, PRIMARY KEY (value, id)) WITHOUT ROWID;
        INSERT INTO "items" (id, version, body) VALUES ('{published}', 3, '{{"rank":1}}'), ('{waiting}', 0, '{{}}');
        INSERT INTO "items$outbox" VALUES (7, '{waiting}', '{waiting}:0', 1, '{envelope}');"#
    ))
    .expect("writes");
}

/// The bus, with the events that have been published.
fn write_bus(path: &Path) {
    let db = Connection::open(path).expect("opens");
    let insert = |seq: i64, service: &str| {
        let event = event(&format!("{service}-published"));
        let envelope = serde_json::to_string(&event).expect("JSON");
        format!("INSERT INTO messages VALUES ({seq}, 'items', '{}', 'items.changed', 1, '{envelope}');", event.id)
    };
    db.execute_batch(&format!(
        "CREATE TABLE streams (name TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE messages (seq INTEGER PRIMARY KEY, stream TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
                               published_ms INTEGER NOT NULL, envelope TEXT NOT NULL, UNIQUE (stream, id));
        CREATE TABLE consumers (stream TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL,
                                PRIMARY KEY (stream, name)) WITHOUT ROWID;
        INSERT INTO streams VALUES ('items');
        {} {}
        INSERT INTO consumers VALUES ('items', 'watchers-items', 11);",
        insert(11, "orders"),
        insert(12, "tickets"),
    ))
    .expect("writes");
}

fn directory() -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    for service in SERVICES {
        write_store(&directory.path().join(format!("{service}.db")), service);
    }
    write_bus(&directory.path().join("bus.db"));
    directory
}

fn open(directory: &Path) -> Database {
    open_with_former(&directory.join("all.db"), &SERVICES, &ReadLimits::default()).expect("opens")
}

fn refusal(directory: &Path) -> String {
    let message = open_with_former(&directory.join("all.db"), &SERVICES, &ReadLimits::default())
        .err()
        .expect("is refused")
        .to_string();
    assert_eq!(message.lines().count(), 1, "{message}");
    message
}

/// Everything is there, once.
async fn assert_complete(database: &Database) {
    let bus = LocalBus::on(database, Clock::system()).expect("opens");
    for service in SERVICES {
        let store = bus.store(service);
        store.prepare(&[&ITEMS]).await.expect("prepares");
        let found = store.find(&ITEMS, &Query::default()).await.expect("finds");
        let found: Vec<_> = found.iter().map(|item| (item.id.as_str(), item.revision.0)).collect();
        assert_eq!(found, [(&*format!("{service}-published"), 3), (&*format!("{service}-waiting"), 0)]);
    }
    let mut watch = bus.watch("items", &["items.changed"], true).await.expect("watches");
    let mut heard = Vec::new();
    while let Watched::Event(envelope) = watch.next().await.expect("watches") {
        heard.push(envelope.subject.clone());
    }
    assert_eq!(heard, ["orders-published", "tickets-published", "orders-waiting", "tickets-waiting"]);
    let consumer = ports::bus::Consumer::new("watchers", "items", vec!["items.changed"]);
    assert_eq!(bus.backlog(&consumer).await.expect("counts").pending, 3, "its position is kept");
}

#[tokio::test]
async fn everything_moves_into_one_database_and_the_files_aside() {
    let directory = directory();
    assert_complete(&open(directory.path())).await;
    for file in FILES {
        assert!(!directory.path().join(file).exists(), "{file} is still there");
        assert!(directory.path().join("before").join(file).exists(), "{file} is gone");
    }
    assert_complete(&open(directory.path())).await;
}

#[tokio::test]
async fn files_that_are_still_there_are_not_taken_over_again() {
    let directory = directory();
    drop(open(directory.path()));
    // As if the process had died before it moved them.
    for file in FILES {
        std::fs::rename(directory.path().join("before").join(file), directory.path().join(file)).expect("moves");
    }
    assert_complete(&open(directory.path())).await;
    assert!(!directory.path().join("orders.db").exists());
}

#[tokio::test]
async fn nothing_is_taken_over_as_long_as_one_file_cannot_be() {
    let directory = directory();
    let bus = directory.path().join("bus.db");
    std::fs::write(&bus, "These are not the events you are looking for. ".repeat(99)).expect("writes");
    assert!(refusal(directory.path()).contains("bus.db is not an SQLite database"));
    let tables = Connection::open(directory.path().join("all.db")).expect("opens");
    let tables: i64 = tables.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).expect("counts");
    assert_eq!(tables, 0);
    std::fs::remove_file(&bus).expect("is removed");
    write_bus(&bus);
    assert_complete(&open(directory.path())).await;
}

#[tokio::test]
async fn a_failure_half_way_leaves_nothing() {
    let directory = directory();
    let bus = Connection::open(directory.path().join("bus.db")).expect("opens");
    // Copied after everything of the services.
    bus.execute_batch("ALTER TABLE consumers ADD COLUMN unknown").expect("alters");
    assert!(refusal(directory.path()).contains("bus.db"));
    bus.execute_batch("ALTER TABLE consumers DROP COLUMN unknown").expect("alters");
    drop(bus);
    assert_complete(&open(directory.path())).await;
}

#[tokio::test]
async fn files_that_a_process_has_open_are_refused() {
    let directory = directory();
    let lock = std::fs::File::create(directory.path().join("tickets.db.lock")).expect("is made");
    lock.lock().expect("is free");
    assert!(refusal(directory.path()).ends_with("tickets.db is in use by another process"));
    drop(lock);
    assert_complete(&open(directory.path())).await;
}
