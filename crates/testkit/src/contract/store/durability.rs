//! Opening, closing and changing declarations.

use ports::store::{Collection, Condition, Conflict, Index, Only};
use serde_json::json;

use super::Backend;
use super::sample::{ITEMS, change, conflict, get, ids, insert, new, waiting, with_event};

/// The items as an older version of the service declares them, with fewer indexes.
static EARLIER: Collection = Collection {
    name: "items",
    indexes: &[
        Index { name: "by_rank", fields: &["rank"], unique: false, only: None },
        Index {
            name: "active",
            fields: &["ticket.id"],
            unique: true,
            only: Some(Only { field: "status", values: &["created", "cancelled"] }),
        },
    ],
};

/// A second process of the same service, or a second start, changes nothing.
pub async fn preparing_twice_is_harmless(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert(&*store, "a", json!({"code": "x"})).await;
    store.prepare(&[&ITEMS]).await.expect("prepares again");
    assert_eq!(conflict(store.commit(new("b", json!({"code": "x"}))).await), Some(Conflict::Unique("code")));
    assert_eq!(ids(&*store, vec![]).await, ["a"]);
}

/// Records, versions, indexes and events survive.
pub async fn everything_survives_reopening(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    store.commit(with_event(new("a", json!({})), 1)).await.expect("inserts");
    store.commit(with_event(change("a", 0, json!({"rank": 5})), 1)).await.expect("updates");
    let record = get(&*store, "a").await;
    drop(store);
    let store = backend.open().await;
    assert_eq!(get(&*store, "a").await, record);
    assert_eq!(waiting(&*store).await, ["a:0", "a:1"]);
    store.prepare(&[&ITEMS]).await.expect("prepares");
    assert_eq!(conflict(store.commit(new("b", json!({"code": "code of a"}))).await), Some(Conflict::Unique("code")));
    assert_eq!(waiting(&*store).await, ["a:0", "a:1"]);
}

/// A new index, and queries for a field that was not indexed before, work for existing records.
pub async fn an_index_declared_later_covers_what_is_there(backend: &Backend) {
    let store = backend.prepared(&[&EARLIER]).await;
    let mut first = new("a", json!({"code": "x"}));
    first.collection = &EARLIER;
    store.commit(first).await.expect("inserts");
    drop(store);
    let store = backend.prepared(&[&ITEMS]).await;
    assert_eq!(ids(&*store, vec![Condition::Equals("code", json!("x"))]).await, ["a"]);
    assert_eq!(conflict(store.commit(new("b", json!({"code": "x"}))).await), Some(Conflict::Unique("code")));
}

/// An index whose declaration changes follows the new one.
pub async fn a_changed_index_is_made_anew(backend: &Backend) {
    let ticket = json!({"id": "t"});
    drop(backend.prepared(&[&EARLIER]).await);
    let store = backend.prepared(&[&ITEMS]).await;
    insert(&*store, "a", json!({"ticket": ticket, "status": "cancelled"})).await;
    insert(&*store, "b", json!({"ticket": ticket, "status": "created"})).await;
    let third = new("c", json!({"ticket": ticket, "status": "awaiting:payment"}));
    assert_eq!(conflict(store.commit(third).await), Some(Conflict::Unique("active")));
}

/// A healthy store responds to a ping.
pub async fn a_store_that_answers_pings(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    store.ping().await.expect("answers");
}
