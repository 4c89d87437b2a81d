//! Unique indexes.

use ports::store::Conflict;
use serde_json::{Value, json};

use super::Backend;
use super::sample::{ITEMS, change, conflict, get, insert, new};

/// The second record with the same value is refused, and the conflict names the index.
pub async fn a_unique_index_refuses_equal_values(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert(&*store, "a", json!({"code": "x"})).await;
    assert_eq!(conflict(store.commit(new("b", json!({"code": "x"}))).await), Some(Conflict::Unique("code")));
    assert_eq!(get(&*store, "b").await, None);
    insert(&*store, "b", json!({"code": "X"})).await;
}

/// Only records whose status is listed are subject to the index, and one that leaves the list releases its
/// value.
pub async fn a_partial_unique_index_counts_only_its_values(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    let order = |status: &str| json!({"ticket": {"id": "t"}, "status": status});
    insert(&*store, "a", order("cancelled")).await;
    insert(&*store, "b", order("cancelled")).await;
    insert(&*store, "c", order("created")).await;
    let second = store.commit(new("d", order("awaiting:payment"))).await;
    assert_eq!(conflict(second), Some(Conflict::Unique("active")));
    store.commit(change("c", 0, order("cancelled"))).await.expect("frees the ticket");
    insert(&*store, "d", order("awaiting:payment")).await;
}

/// An update that would make two records equal changes nothing.
pub async fn an_update_can_break_a_unique_index(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert(&*store, "a", json!({"ticket": {"id": "t"}})).await;
    insert(&*store, "b", json!({"ticket": {"id": "t"}, "status": "cancelled"})).await;
    let revived = store.commit(change("b", 0, json!({"ticket": {"id": "t"}, "status": "created"}))).await;
    assert_eq!(conflict(revived), Some(Conflict::Unique("active")));
    assert_eq!(get(&*store, "b").await.expect("is there").body["status"], json!("cancelled"));
}

/// Two records without a value count as equal.
pub async fn null_equals_null_in_a_unique_index(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert(&*store, "a", json!({"code": Value::Null})).await;
    assert_eq!(conflict(store.commit(new("b", json!({"code": Value::Null}))).await), Some(Conflict::Unique("code")));
    let mut without = new("b", json!({}));
    without.record.body.remove("code");
    assert_eq!(conflict(store.commit(without).await), Some(Conflict::Unique("code")));
    store.commit(change("a", 0, json!({"code": Value::Null, "rank": 1}))).await.expect("does not compete with itself");
}

/// An unmet precondition is reported before a unique index is.
pub async fn unmet_preconditions_come_before_unique_indexes(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert(&*store, "a", json!({})).await;
    insert(&*store, "b", json!({})).await;
    assert_eq!(conflict(store.commit(new("a", json!({}))).await), Some(Conflict::Exists));
    assert_eq!(conflict(store.commit(new("a", json!({"code": "code of b"}))).await), Some(Conflict::Exists));
    let stale = store.commit(change("a", 5, json!({"code": "code of b"}))).await;
    assert_eq!(conflict(stale), Some(Conflict::Stale));
}
