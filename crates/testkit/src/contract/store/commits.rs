//! One commit at a time.

use ports::store::{Conflict, Revision};
use serde_json::json;

use super::Backend;
use super::sample::{ITEMS, body, change, conflict, get, insert, new, waiting, with_event};

/// A record is inserted once; a second insert changes nothing.
pub async fn a_record_is_inserted_once(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    assert_eq!(get(&*store, "a").await, None);
    insert(&*store, "a", json!({"rank": 1})).await;
    let again = new("a", json!({"rank": 2, "code": "other", "ticket": {"id": "other"}}));
    assert_eq!(conflict(store.commit(again).await), Some(Conflict::Exists));
    let record = get(&*store, "a").await.expect("is there");
    assert_eq!(record.revision, Revision(0));
    assert_eq!(record.body, body("a", json!({"rank": 1})));
}

/// A commit based on any revision but the present one changes nothing.
pub async fn a_stale_revision_is_refused(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert(&*store, "a", json!({})).await;
    store.commit(change("a", 0, json!({"rank": 1}))).await.expect("is at revision 0");
    for stale in [0, 2] {
        assert_eq!(conflict(store.commit(change("a", stale, json!({"rank": 9}))).await), Some(Conflict::Stale));
    }
    let record = get(&*store, "a").await.expect("is there");
    assert_eq!((record.revision, &record.body["rank"]), (Revision(1), &json!(1)));
}

/// An update of a missing record inserts nothing.
pub async fn a_missing_record_is_stale(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    assert_eq!(conflict(store.commit(change("a", 0, json!({}))).await), Some(Conflict::Stale));
    assert_eq!(get(&*store, "a").await, None);
}

/// A field that the new state lacks is removed, and the others are as given.
pub async fn an_update_replaces_the_whole_body(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert(&*store, "a", json!({"gone": {"deep": 1}, "nested": {"gone": 1, "stays": 2}})).await;
    let changes = json!({"nested": {"stays": 2}, "came": "$rank"});
    store.commit(change("a", 0, changes.clone())).await.expect("updates");
    assert_eq!(get(&*store, "a").await.expect("is there").body, body("a", changes));
}

/// A refused commit publishes nothing, whatever the reason.
pub async fn a_refused_commit_leaves_no_events(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert(&*store, "a", json!({})).await;
    insert(&*store, "b", json!({})).await;
    for refused in [
        new("a", json!({})),
        new("c", json!({"code": "code of a"})),
        change("a", 7, json!({})),
        change("b", 0, json!({"code": "code of a"})),
    ] {
        assert!(conflict(store.commit(with_event(refused, 1)).await).is_some());
    }
    assert_eq!(waiting(&*store).await, Vec::<String>::new());
    assert_eq!(get(&*store, "b").await.expect("is there").revision, Revision(0));
}
