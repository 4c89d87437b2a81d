//! Conditions. Indexed and unindexed fields must not differ, so most rules are tested on both.

use ports::store::{Condition, RecordStore};
use serde_json::{Value, json};

use super::Backend;
use super::sample::{ITEMS, ids, insert};

/// Sets the indexed field `rank` and the unindexed field `plain` to the value.
async fn insert_valued(store: &dyn RecordStore, id: &str, value: Value) {
    insert(store, id, json!({"rank": value, "plain": value})).await;
}

/// Checks which records a condition selects by either field.
async fn selects(store: &dyn RecordStore, condition: impl Fn(&'static str) -> Condition, expected: &[&str]) {
    for field in ["rank", "plain"] {
        assert_eq!(ids(store, vec![condition(field)]).await, expected, "{:?}", condition(field));
    }
}

/// Every kind of condition, on numbers and on texts.
pub async fn conditions_select_what_they_say(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    for (id, value) in [("a", json!(1)), ("b", json!(2)), ("c", json!(2.5)), ("d", json!("x")), ("e", json!("y"))] {
        insert_valued(&*store, id, value).await;
    }
    let store = &*store;
    selects(store, |field| Condition::Equals(field, json!(2)), &["b"]).await;
    selects(store, |field| Condition::Equals(field, json!(2.0)), &["b"]).await;
    selects(store, |field| Condition::Equals(field, json!("x")), &["d"]).await;
    selects(store, |field| Condition::Equals(field, json!("z")), &[]).await;
    selects(store, |field| Condition::OneOf(field, vec![json!(1), json!("y"), json!("z")]), &["a", "e"]).await;
    selects(store, |field| Condition::AtLeast(field, json!(2)), &["b", "c"]).await;
    selects(store, |field| Condition::AtMost(field, json!(2)), &["a", "b"]).await;
    selects(store, |field| Condition::AtLeast(field, json!("x")), &["d", "e"]).await;
    selects(store, |field| Condition::AtMost(field, json!("x")), &["d"]).await;
    // Whether an index is used for it or not.
    selects(store, |field| Condition::equals_mostly(field, json!(2)), &["b"]).await;
    selects(store, |field| Condition::Unindexed(Box::new(Condition::AtLeast(field, json!("x")))), &["d", "e"]).await;
    let others = |field| Condition::NotAll(vec![Condition::equals_mostly(field, json!(2))]);
    selects(store, others, &["a", "c", "d", "e"]).await;
    let of_none = |field| Condition::Unindexed(Box::new(Condition::NotAll(vec![Condition::Equals(field, json!("x"))])));
    selects(store, of_none, &["a", "b", "c", "e"]).await;
}

/// `1`, `"1"` and `true` are different values, as are an object and its text.
pub async fn conditions_keep_types_apart(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    let values = [
        ("a", json!(1)),
        ("b", json!("1")),
        ("c", json!(true)),
        ("d", json!({"x": 1})),
        ("e", json!("{\"x\":1}")),
        ("f", json!(0)),
        ("g", json!(false)),
        ("h", json!("")),
    ];
    for (id, value) in &values {
        insert_valued(&*store, id, value.clone()).await;
    }
    for (id, value) in &values {
        selects(&*store, |field| Condition::Equals(field, value.clone()), &[id]).await;
        selects(&*store, |field| Condition::OneOf(field, vec![value.clone()]), &[id]).await;
    }
    selects(&*store, |field| Condition::AtLeast(field, json!(0)), &["a", "f"]).await;
    selects(&*store, |field| Condition::AtMost(field, json!("~")), &["b", "e", "h"]).await;
}

/// A dot descends into an object.
pub async fn nested_fields_are_found(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert(&*store, "a", json!({"ticket": {"id": "t", "seller": {"name": "ada"}}})).await;
    insert(&*store, "b", json!({"ticket": {"id": "u", "seller": {"name": "bob"}}})).await;
    insert(&*store, "c", json!({"ticket": {"id": "v", "seller": "bob"}})).await;
    assert_eq!(ids(&*store, vec![Condition::Equals("ticket.id", json!("u"))]).await, ["b"]);
    assert_eq!(ids(&*store, vec![Condition::Equals("ticket.seller.name", json!("bob"))]).await, ["b"]);
}

/// A missing field is `null`.
pub async fn null_and_missing_are_the_same(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert(&*store, "a", json!({"plain": null})).await;
    insert(&*store, "b", json!({})).await;
    insert(&*store, "c", json!({"plain": {"deeper": 1}})).await;
    assert_eq!(ids(&*store, vec![Condition::Equals("plain", Value::Null)]).await, ["a", "b"]);
    assert_eq!(ids(&*store, vec![Condition::Equals("plain.deeper", Value::Null)]).await, ["a", "b"]);
    assert_eq!(
        ids(&*store, vec![Condition::OneOf("plain.deeper", vec![json!(1), Value::Null])]).await,
        ["a", "b", "c"]
    );
    assert_eq!(ids(&*store, vec![Condition::AtMost("plain.deeper", json!(9))]).await, ["c"]);
}

/// All conditions must hold, also several on one field, whatever index covers them.
pub async fn conditions_are_combined(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    for (id, rank, status) in [("a", 1, "created"), ("b", 2, "created"), ("c", 3, "cancelled"), ("d", 4, "created")] {
        insert(&*store, id, json!({"rank": rank, "status": status})).await;
    }
    let between = vec![Condition::AtLeast("rank", json!(2)), Condition::AtMost("rank", json!(3))];
    assert_eq!(ids(&*store, between.clone()).await, ["b", "c"]);
    let mut created = between;
    created.push(Condition::OneOf("status", vec![json!("created")]));
    assert_eq!(ids(&*store, created).await, ["b"]);
}

/// An empty list selects nothing.
pub async fn nothing_is_one_of_no_values(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert_valued(&*store, "a", json!(1)).await;
    insert_valued(&*store, "b", Value::Null).await;
    selects(&*store, |field| Condition::OneOf(field, vec![]), &[]).await;
}

/// An object that looks like an operator is compared as a plain object.
pub async fn values_are_never_operators(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert_valued(&*store, "a", json!("secret")).await;
    insert_valued(&*store, "b", json!({"$ne": null})).await;
    for operator in [json!({"$ne": null}), json!({"$gt": ""}), json!({"$exists": true}), json!({"$regex": ".*"})] {
        let expected: &[&str] = if operator == json!({"$ne": null}) { &["b"] } else { &[] };
        selects(&*store, |field| Condition::Equals(field, operator.clone()), expected).await;
        selects(&*store, |field| Condition::OneOf(field, vec![operator.clone()]), expected).await;
    }
    selects(&*store, |field| Condition::Equals(field, json!("\' OR 1=1 --")), &[]).await;
}
