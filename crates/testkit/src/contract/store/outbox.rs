//! Events in the outbox.

use std::sync::Arc;

use common::time::Timestamp;
use ports::store::{Collection, Commit, Condition, Precondition, Record, RecordStore, Revision};
use serde_json::{Map, json};

use super::Backend;
use super::sample::{ITEMS, change, event_ids, get, ids, insert, mark, new, unpublished, waiting, with_event};

static OTHERS: Collection = Collection { name: "others", indexes: &[] };

/// An event is pending from its commit on until it is marked as published.
pub async fn events_wait_until_they_are_marked(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert(&*store, "silent", json!({})).await;
    store.commit(with_event(new("a", json!({})), 1)).await.expect("inserts");
    store.commit(with_event(new("b", json!({})), 1)).await.expect("inserts");
    store.commit(with_event(change("a", 0, json!({})), 1)).await.expect("updates");
    assert_eq!(waiting(&*store).await, ["a:0", "a:1", "b:0"]);
    mark(&*store, &["a:0", "b:0"]).await;
    assert_eq!(waiting(&*store).await, ["a:1"]);
    assert_eq!(get(&*store, "a").await.expect("is there").revision, Revision(1));
}

/// Events that were marked are still so when the store is opened again, and the others wait.
pub async fn marks_survive_reopening(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    store.commit(with_event(new("a", json!({})), 1)).await.expect("inserts");
    store.commit(with_event(change("a", 0, json!({})), 1)).await.expect("updates");
    mark(&*store, &["a:0"]).await;
    let events = unpublished(&*store, Timestamp::MAX, 9).await;
    drop(store);
    let store = backend.prepared(&[&ITEMS]).await;
    assert_eq!(unpublished(&*store, Timestamp::MAX, 9).await, events);
    assert_eq!(waiting(&*store).await, ["a:1"]);
}

/// Events committed at the given time or later are not returned; nor are more than the limit.
pub async fn only_events_older_than_the_moment_are_given(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    for (n, id) in ["a", "b", "c", "d"].into_iter().enumerate() {
        store.commit(with_event(new(id, json!({})), 1000 + n as i64)).await.expect("inserts");
    }
    store.commit(with_event(change("a", 0, json!({})), 2000)).await.expect("updates");
    let before = Timestamp::from_millis(1002);
    assert_eq!(event_ids(&unpublished(&*store, before, 10).await), ["a:0", "b:0"]);
    assert_eq!(unpublished(&*store, before, 1).await.len(), 1);
    assert_eq!(unpublished(&*store, before, 0).await.len(), 0);
    assert_eq!(unpublished(&*store, Timestamp::from_millis(1000), 10).await.len(), 0);
}

/// The events of one record are returned in the order of its commits, and within a commit in theirs.
pub async fn a_records_events_come_in_order(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    let mut first = with_event(new("a", json!({})), 1);
    let mut second = first.events[0].clone();
    second.id = "a:0:1".into();
    first.events.push(second);
    store.commit(first).await.expect("inserts");
    for version in 0..12 {
        store.commit(with_event(change("a", version, json!({})), 1)).await.expect("updates");
    }
    let mut expected = vec!["a:0".to_owned(), "a:0:1".to_owned()];
    expected.extend((1..=12).map(|version| format!("a:{version}")));
    let events = unpublished(&*store, Timestamp::MAX, 100).await;
    assert_eq!(event_ids(&events), expected);
    assert!(events.iter().all(|event| event.record_id == "a"));
    assert_eq!(event_ids(&unpublished(&*store, Timestamp::MAX, 5).await), expected[..5]);
}

/// Clearing events twice, clearing unknown events and clearing nothing are harmless.
pub async fn marking_twice_is_harmless(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    store.commit(with_event(new("a", json!({})), 1)).await.expect("inserts");
    store.commit(with_event(change("a", 0, json!({})), 1)).await.expect("updates");
    mark(&*store, &["a:0"]).await;
    mark(&*store, &["a:0", "a:7", "nobody:0"]).await;
    mark(&*store, &[]).await;
    assert_eq!(waiting(&*store).await, ["a:1"]);
    assert_eq!(get(&*store, "nobody").await, None);
}

/// A record can publish new events while its earlier ones are being cleared.
pub async fn new_events_survive_the_clearing_of_old_ones(backend: &Backend) {
    const VERSIONS: u64 = 50;
    let store = backend.prepared(&[&ITEMS]).await;
    store.commit(with_event(new("a", json!({})), 1)).await.expect("inserts");
    let writer = tokio::spawn(keep_writing(store.clone(), VERSIONS));
    let mut cleared = 0;
    while !writer.is_finished() {
        let events = event_ids(&unpublished(&*store, Timestamp::MAX, 100).await);
        cleared += events.len();
        mark(&*store, &events.iter().map(String::as_str).collect::<Vec<_>>()).await;
    }
    writer.await.expect("no commit was refused");
    assert_eq!(cleared + waiting(&*store).await.len(), VERSIONS as usize + 1);
}

async fn keep_writing(store: Arc<dyn RecordStore>, versions: u64) {
    for version in 0..versions {
        store.commit(with_event(change("a", version, json!({})), 1)).await.expect("updates");
    }
}

/// Every attribute and every value of the payload.
pub async fn events_are_the_same_when_they_come_out(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    let mut commit = with_event(new("a", json!({})), 1_700_000_000_123);
    commit.events[0].traceparent = Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".into());
    commit.events[0].replay_for = Some("orders.tickets".into());
    commit.events[0].data = json!({"$set": {"a.b": [1, 1.0, u64::MAX, null]}, "": "é\u{0}😀"}).into();
    let event = commit.events[0].clone();
    store.commit(commit).await.expect("inserts");
    assert_eq!(unpublished(&*store, Timestamp::MAX, 10).await.remove(0).envelope, event);
}

/// Records of two collections, and thus their events, may have the same ids.
pub async fn collections_have_their_own_outbox(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS, &OTHERS]).await;
    let commit = with_event(new("a", json!({})), 1);
    let other = Commit {
        collection: &OTHERS,
        record: Record { id: "a".into(), revision: Revision(0), body: Map::new() },
        precondition: Precondition::DoesNotExist,
        events: commit.events.clone(),
    };
    store.commit(commit).await.expect("inserts");
    store.commit(other).await.expect("inserts");
    mark(&*store, &["a:0"]).await;
    assert_eq!(waiting(&*store).await, Vec::<String>::new());
    assert_eq!(store.unpublished(&OTHERS, Timestamp::MAX, 10).await.expect("scans").len(), 1);
}

/// Records that meet the conditions are purged once their events are published; the others stay.
pub async fn purging_spares_what_has_events_to_publish(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    store.commit(with_event(new("waiting", json!({"rank": 1})), 1)).await.expect("inserts");
    store.commit(with_event(new("published", json!({"rank": 1})), 1)).await.expect("inserts");
    insert(&*store, "silent", json!({"rank": 1})).await;
    insert(&*store, "young", json!({"rank": 2})).await;
    mark(&*store, &["published:0"]).await;
    let old = [Condition::AtMost("rank", json!(1))];
    assert_eq!(store.purge(&ITEMS, &old).await.expect("purges"), 2);
    assert_eq!(ids(&*store, vec![]).await, ["waiting", "young"]);
    mark(&*store, &["waiting:0"]).await;
    assert_eq!(store.purge(&ITEMS, &old).await.expect("purges"), 1);
    assert_eq!(store.purge(&ITEMS, &old).await.expect("purges"), 0);
}
