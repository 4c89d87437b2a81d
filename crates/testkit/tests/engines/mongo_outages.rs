//! The results of commits to the MongoDB store during outages of its server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use adapters::mongo::MongoStore;
use futures::future::join_all;
use ports::store::{Collection, Commit, Precondition, Record, RecordStore, Revision, StoreError};
use serde_json::{Map, json};
use testkit::engines::Mongod;

const PATIENCE: Duration = Duration::from_secs(60);
/// Enough for their commits to be sent together.
const WRITERS: usize = 64;

static ITEMS: Collection = Collection { name: "items", indexes: &[] };

fn commit(id: &str, revision: u64) -> Commit {
    let body = Map::from_iter([("count".to_owned(), json!(revision))]);
    let precondition = match revision {
        0 => Precondition::DoesNotExist,
        _ => Precondition::MatchesRevision(Revision(revision - 1)),
    };
    let record = Record { id: id.to_owned(), revision: Revision(revision), body };
    Commit { collection: &ITEMS, record, precondition, events: Vec::new() }
}

/// The record's revision, as soon as the server responds.
async fn revision_of(store: &MongoStore, id: &str) -> u64 {
    loop {
        match store.get(&ITEMS, id).await {
            Ok(record) => {
                let record = record.expect("is there");
                assert_eq!(record.body["count"], json!(record.revision.0));
                return record.revision.0;
            }
            Err(StoreError::Unavailable(_)) => tokio::time::sleep(Duration::from_millis(50)).await,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Updates a record that no one else writes, again and again; returns the revision it must have.
async fn write(store: Arc<MongoStore>, id: String, stop: Arc<AtomicBool>) -> u64 {
    let mut revision = 0;
    while !stop.load(Ordering::Relaxed) {
        match store.commit(commit(&id, revision + 1)).await {
            Ok(()) => revision += 1,
            Err(StoreError::Unavailable(_)) => {
                let now = revision_of(&store, &id).await;
                assert!(now == revision || now == revision + 1, "{id} was at {revision} and is at {now}");
                revision = now;
            }
            // No one else has changed it.
            Err(error) => panic!("{id} at {revision}: {error}"),
        }
    }
    revision
}

#[tokio::test(flavor = "multi_thread")]
async fn no_update_is_said_to_be_what_it_is_not() {
    let mut server = Mongod::launch_temporary().await;
    let store = Arc::new(MongoStore::connect(&server.uri(), "outages", PATIENCE).await.expect("connects"));
    store.prepare(&[&ITEMS]).await.expect("prepares");
    let ids: Vec<_> = (0..WRITERS).map(|number| format!("item{number}")).collect();
    for id in &ids {
        store.commit(commit(id, 0)).await.expect("inserts");
    }
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = ids.iter().map(|id| tokio::spawn(write(store.clone(), id.clone(), stop.clone()))).collect();
    for _ in 0..3 {
        let before = revision_of(&store, &ids[0]).await;
        while revision_of(&store, &ids[0]).await < before + 20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server.kill();
        server.restart().await;
    }
    let before = revision_of(&store, &ids[0]).await;
    while revision_of(&store, &ids[0]).await == before {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.store(true, Ordering::Relaxed);
    for (id, revision) in ids.iter().zip(join_all(writers).await) {
        assert_eq!(revision_of(&store, id).await, revision.expect("did not panic"), "{id}");
    }
}
