//! What is published leaves a MongoDB record's outbox with the record's next write.

use std::time::{Duration, Instant};

use adapters::mongo::MongoStore;
use common::events::Envelope;
use common::time::Timestamp;
use futures::future::try_join_all;
use mongodb::bson::doc;
use ports::store::{Collection, Commit, OutboxKey, Precondition, Record, RecordStore, Revision};
use serde_json::Map;
use testkit::engines::Mongod;

const PATIENCE: Duration = Duration::from_secs(60);
/// Enough for their commits to be sent together.
const RECORDS: i64 = 40;

static ITEMS: Collection = Collection { name: "items", indexes: &[] };

/// The commit of a revision, with an event.
fn commit(id: &str, revision: u64) -> Commit {
    let precondition = match revision {
        0 => Precondition::DoesNotExist,
        _ => Precondition::MatchesRevision(Revision(revision - 1)),
    };
    let event = Envelope {
        id: format!("{id}:{revision}"),
        source: "items".into(),
        kind: "items.changed".into(),
        subject: id.into(),
        time: Timestamp::from_millis(1),
        traceparent: None,
        replay_for: None,
        data: serde_json::json!({}).into(),
    };
    let record = Record { id: id.into(), revision: Revision(revision), body: Map::new() };
    Commit { collection: &ITEMS, record, precondition, events: vec![event] }
}

async fn commit_all(store: &MongoStore, ids: &[String], revision: u64) {
    try_join_all(ids.iter().map(|id| store.commit(commit(id, revision)))).await.expect("commits");
}

async fn updated(server: &Mongod) -> i64 {
    let client = mongodb::Client::with_uri_str(server.uri()).await.expect("connects");
    let status = client.database("admin").run_command(doc! {"serverStatus": 1}).await.expect("a status");
    let counted = status.get_document("metrics").and_then(|metrics| metrics.get_document("document"));
    counted.and_then(|document| document.get_i64("updated")).expect("is counted")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_takes_published_events_along() {
    let server = Mongod::launch_temporary().await;
    let store = MongoStore::connect(&server.uri(), "outbox", PATIENCE).await.expect("connects");
    store.prepare(&[&ITEMS]).await.expect("prepares");
    let began = Instant::now();
    for round in 0.. {
        let ids: Vec<_> = (0..RECORDS).map(|number| format!("{round}-{number}")).collect();
        commit_all(&store, &ids, 0).await;
        let published: Vec<_> =
            ids.iter().map(|id| OutboxKey { record_id: id.clone(), event_id: format!("{id}:0") }).collect();
        let before = updated(&server).await;
        let (marked, ()) = tokio::join!(store.mark_published(&ITEMS, &published), commit_all(&store, &ids, 1));
        marked.expect("marks");
        let waiting = store.unpublished(&ITEMS, Timestamp::MAX, usize::MAX).await.expect("scans");
        let of_now = waiting.iter().filter(|event| event.record_id.starts_with(&format!("{round}-")));
        let mut of_now: Vec<_> = of_now.map(|event| event.envelope.id.clone()).collect();
        of_now.sort_unstable();
        let mut expected: Vec<_> = ids.iter().map(|id| format!("{id}:1")).collect();
        expected.sort_unstable();
        assert_eq!(of_now, expected);
        // Where the changes took too long, the clearing was first.
        if updated(&server).await - before == RECORDS {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "what is published is always cleared by writes of its own");
    }
}
