//! What only a store in a file has to get right: its lock, its errors, and a killed process.
#![cfg(feature = "embedded")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use adapters::sqlite::SqliteStore;
use common::events::Envelope;
use common::time::Timestamp;

use ports::store::{Collection, Commit, Index, Precondition, Query, Record, RecordStore, Revision};
use serde_json::{Map, Value};

static PLAIN: Collection = Collection { name: "items", indexes: &[] };
static UNIQUE: Collection =
    Collection { name: "items", indexes: &[Index { name: "code", fields: &["code"], unique: true, only: None }] };

/// The example that writes until it is killed. Cargo puts it next to the directory of the tests.
fn writer() -> PathBuf {
    let this = std::env::current_exe().expect("this program");
    let profile = this.parent().and_then(Path::parent).expect("target/PROFILE/deps/THIS");
    let writer = profile.join("examples/write_until_killed");
    assert!(writer.exists(), "{} is missing: cargo build -p adapters --examples", writer.display());
    writer
}

fn item(id: &str, code: &str) -> Commit {
    let event = Envelope {
        id: format!("{id}:0"),
        source: "items".into(),
        kind: "items.changed".into(),
        subject: id.into(),
        time: Timestamp::from_millis(1),
        traceparent: None,
        replay_for: None,
        data: Value::Null.into(),
    };
    Commit {
        collection: &PLAIN,
        record: Record { id: id.into(), revision: Revision(0), body: Map::from_iter([("code".into(), code.into())]) },
        precondition: Precondition::DoesNotExist,
        events: vec![event],
    }
}

fn refusal(path: &Path) -> String {
    let message = SqliteStore::open(path).err().expect("is refused").to_string();
    assert_eq!(message.lines().count(), 1, "{message}");
    message
}

#[test]
fn a_file_can_be_open_only_once_at_a_time() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("new/items.db");
    let store = SqliteStore::open(&path).expect("makes the directory and opens");
    assert!(refusal(&path).ends_with("items.db is in use by another process"));
    drop(store);
    SqliteStore::open(&path).expect("is free again");
}

#[test]
fn a_path_that_cannot_hold_a_database_is_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let other = directory.path().join("letter.txt");
    std::fs::write(&other, "Dear Ada, ".repeat(1000)).expect("writes");
    assert!(refusal(&other).ends_with("letter.txt is not an SQLite database"));
    assert!(refusal(&other.join("items.db")).contains("cannot write to"));
}

#[tokio::test]
async fn an_index_that_is_no_longer_declared_is_gone() {
    let store = SqliteStore::in_memory().expect("opens");
    store.prepare(&[&UNIQUE]).await.expect("prepares");
    store.commit(item("a", "x")).await.expect("inserts");
    assert!(store.commit(item("b", "x")).await.is_err());
    store.prepare(&[&PLAIN]).await.expect("prepares");
    store.commit(item("b", "x")).await.expect("nothing forbids it any more");
    let refused = store.prepare(&[&UNIQUE]).await.expect_err("two are equal").to_string();
    assert!(refused.contains("unique index code"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_kill_9() {
    const ACKNOWLEDGED: usize = 300;
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("items.db");
    let mut writer = Command::new(writer()).arg(&path).stdout(Stdio::piped()).spawn().expect("starts");
    let output = BufReader::new(writer.stdout.take().expect("is piped"));
    let lines = output.lines().map(|line| line.expect("is text"));
    let acknowledged: Vec<String> = lines.take(ACKNOWLEDGED).collect();
    writer.kill().expect("dies");
    writer.wait().expect("is dead");
    assert_eq!(acknowledged.len(), ACKNOWLEDGED);

    let store = SqliteStore::open(&path).expect("opens");
    store.prepare(&[&PLAIN]).await.expect("prepares");
    let written = store.find(&PLAIN, &Query::default()).await.expect("finds");
    let events = store.unpublished(&PLAIN, Timestamp::MAX, usize::MAX).await.expect("scans");
    for id in &acknowledged {
        assert!(written.iter().any(|record| record.id == *id), "{id} is lost");
        assert!(events.iter().any(|event| event.record_id == *id), "the event of {id} is lost");
    }
    assert_eq!(written.len(), events.len(), "no record without its event");
}
