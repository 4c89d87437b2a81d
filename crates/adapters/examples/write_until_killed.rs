//! Commits records to the SQLite store in the given file, eight at a time, and prints the id of each
//! when it is acknowledged: the process that `tests/sqlite_file.rs` kills, and `tests/one_database.rs`, which has the
//! bus in the same file.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use adapters::local::LocalBus;
use adapters::sqlite::SqliteStore;
use common::events::Envelope;
use common::time::Timestamp;
use ports::bus::{Bus, Stream};
use ports::store::{Collection, Commit, Precondition, Record, RecordStore, Revision};
use serde_json::{Map, Value};

const WRITERS: u32 = 8;

static ITEMS: Collection = Collection { name: "items", indexes: &[] };

fn item(id: &str) -> Commit {
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
        collection: &ITEMS,
        record: Record { id: id.into(), revision: Revision(0), body: Map::from_iter([("code".into(), id.into())]) },
        precondition: Precondition::DoesNotExist,
        events: vec![event],
    }
}

#[tokio::main]
async fn main() {
    let path: PathBuf = std::env::args_os().nth(1).expect("a file to write to").into();
    let has_bus = std::env::args_os().nth(2).is_some_and(|argument| argument == "with-bus");
    let store = if has_bus {
        let bus = LocalBus::open(&path).expect("opens");
        bus.declare(&Stream::new("items")).await.expect("declares");
        Arc::new(bus.store("items"))
    } else {
        Arc::new(SqliteStore::open(&path).expect("opens"))
    };
    store.prepare(&[&ITEMS]).await.expect("prepares");
    let writers = (0..WRITERS).map(|writer| {
        let store = store.clone();
        tokio::spawn(async move {
            for count in 0.. {
                let id = format!("{writer}-{count}");
                store.commit(item(&id)).await.expect("commits");
                writeln!(std::io::stdout(), "{id}").expect("is read");
            }
        })
    });
    futures::future::join_all(writers).await;
}
