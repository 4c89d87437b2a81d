//! The values that bodies can hold.

use serde_json::{Value, json};

use super::Backend;
use super::sample::{ITEMS, body, change, get, insert};

/// Inserts and then updates a record with this field; both must be read back unchanged.
async fn round_trip(backend: &Backend, value: Value) {
    let store = backend.prepared(&[&ITEMS]).await;
    let body = body("a", json!({"value": value}));
    store.purge(&ITEMS, &[]).await.expect("empties");
    insert(&*store, "a", json!({"value": value})).await;
    assert_eq!(get(&*store, "a").await.expect("is there").body, body);
    store.commit(change("a", 0, json!({"value": value}))).await.expect("updates");
    assert_eq!(get(&*store, "a").await.expect("is there").body, body);
}

/// Every kind of JSON value, at its limits.
pub async fn bodies_come_back_as_they_were(backend: &Backend) {
    round_trip(backend, json!([null, true, false, {}, [], [[1, [2]], {"a": [{"b": null}]}]])).await;
    round_trip(backend, json!(["", "é😀\u{202e}", "\u{0}\n\t\"\\", "a".repeat(60_000)])).await;
    round_trip(backend, json!([0, -1, i32::MAX, i64::MIN, i64::MAX, i64::MAX as u64 + 1, u64::MAX])).await;
    round_trip(backend, json!([0.0, 1.0, -2.5, 0.1 + 0.2, 1e300, 5e-324, f64::MAX, 9007199254740993.0])).await;
    round_trip(backend, json!({"Ünï": 1, "with space": 2, "quote\"'`": 3, "": 4, "id": 5, "version": 6})).await;
}

/// Operators and statements of query languages are plain data here.
pub async fn hostile_values_are_stored_as_data(backend: &Backend) {
    round_trip(backend, json!({"$ne": null})).await;
    round_trip(backend, json!({"$set": {"a": 1}, "$where": "sleep(1000)", "a.b": {"$": 1}, "$ref": 1, "$id": 2})).await;
    round_trip(backend, json!(["$rank", "$$ROOT", {"$literal": "$rank"}])).await;
    round_trip(backend, json!("'; DROP TABLE items; --")).await;
    round_trip(backend, json!({"$numberLong": "1", "$oid": "5f1f77bcf86cd799439011aa", "$date": "x"})).await;
}
