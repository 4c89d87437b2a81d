//! Lists of texts, and the search for the beginnings of these.

use std::cmp::Reverse;

use futures::future::join_all;
use ports::store::{Collection, Commit, Condition, Direction, Index, Lane, Query, RecordStore, SoughtText};
use serde_json::{Value, json};

use super::Backend;
use super::paging::pages;
use super::sample::{ITEMS, change, ids, insert, new};

/// The same collection before its lists were indexed, and with other indexes of them.
static UNINDEXED: Collection = Collection { name: "items", indexes: &[] };
static INDEXED_WHOLE: Collection =
    Collection { name: "items", indexes: &[Index { name: "words", fields: &["words[]"], unique: false, only: None }] };

fn in_status(status: &str) -> Condition {
    Condition::Equals("status", status.into())
}

/// The ids of the records in this status whose list `field` has texts with all of these beginnings.
async fn searched(store: &dyn RecordStore, status: &str, field: &'static str, prefixes: &[&str]) -> Vec<String> {
    let has = prefixes.iter().map(|prefix| Condition::has_prefix(field, *prefix));
    ids(store, std::iter::once(in_status(status)).chain(has).collect()).await
}

/// Those in the index.
async fn found(store: &dyn RecordStore, prefixes: &[&str]) -> Vec<String> {
    searched(store, "created", "words", prefixes).await
}

/// An indexed list and one that is not do not differ; no letter is special, and case matters.
pub async fn a_list_is_searched_by_the_beginnings_of_its_texts(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    let lists = [
        ("a", json!(["hamilton", "opera", "été", "50% (off) [a-z]+ $9.99 ^_\\", "a\"b"])),
        ("b", json!(["ham", "hamlet", "operetta", "été", "line\nbreak"])),
        ("c", json!(["東京ドーム", "😀 smile", "x", 7, null, true, {"ham": "ham"}])),
        ("d", json!([])),
    ];
    for (id, list) in lists {
        insert(&*store, id, json!({"words": list, "plainWords": list})).await;
    }
    insert(&*store, "e", json!({"plain": "ham"})).await;
    for field in ["words", "plainWords"] {
        let found = async |prefixes: &[&str]| searched(&*store, "created", field, prefixes).await.join("");
        for (prefixes, expected) in [
            (&["ham"][..], "ab"),
            (&["hamilton"], "a"),
            (&["hamiltons"], ""),
            (&["amilton"], ""),
            (&["HAM"], ""),
            (&["ham", "oper"], "ab"),
            (&["oper", "hamle"], "b"),
            (&["ham", "x"], ""),
            (&["é"], "ab"),
            (&["東京"], "c"),
            (&["京"], ""),
            (&["😀"], "c"),
            (&["7"], ""),
            (&["50% (off) ["], "a"),
            (&["50% (off) [a-z]+ $9.99 ^_\\"], "a"),
            (&["a\"b"], "a"),
            (&["b"], ""),
            (&["h.m"], ""),
            (&[".*"], ""),
            (&["line\nb"], "b"),
            (&[""], "abc"),
        ] {
            assert_eq!(found(prefixes).await, expected, "{field} {prefixes:?}");
        }
    }
}

fn whole(text: &str) -> SoughtText {
    SoughtText::Whole(text.to_owned())
}

fn beginning(text: &str) -> SoughtText {
    SoughtText::Beginning(text.to_owned())
}

/// Any of several texts is enough, each of them whole or by its beginning.
pub async fn a_list_is_searched_for_any_of_several_texts(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    let lists = [
        ("a", json!(["hamilton", "opera"])),
        ("b", json!(["ham", "operetta"])),
        ("c", json!(["jazz", "a\"b", "a\\b"])),
        ("d", json!([])),
        ("e", json!([7, null, "7 up"])),
    ];
    for (id, list) in lists {
        insert(&*store, id, json!({"words": list, "plainWords": list})).await;
    }
    for field in ["words", "plainWords"] {
        let found = async |texts: &[SoughtText]| {
            ids(&*store, vec![in_status("created"), Condition::HasAny(field, texts.to_vec())]).await.join("")
        };
        for (texts, expected) in [
            (vec![], ""),
            (vec![whole("ham")], "b"),
            (vec![whole("opera"), whole("ham")], "ab"),
            (vec![whole("oper"), beginning("oper"), whole("jazz")], "abc"),
            (vec![beginning("ham"), beginning("opere")], "ab"),
            (vec![whole("a\"b"), whole("nothing")], "c"),
            (vec![whole("a\\b"), whole("^jazz"), whole(".*")], "c"),
            (vec![whole("7"), whole("")], ""),
            (vec![whole("jazz"), whole("ham"), whole("1"), whole("2"), whole("3"), whole("4"), whole("5")], "bc"),
        ] {
            assert_eq!(found(&texts).await, expected, "{field} {texts:?}");
        }
    }
}

/// What does not meet all of some conditions, also where the field is missing.
pub async fn what_lacks_something_is_found(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert(&*store, "a", json!({"words": ["opera", "gala"], "rule": 2})).await;
    insert(&*store, "b", json!({"words": ["opera"], "rule": 1})).await;
    insert(&*store, "c", json!({"words": ["gala"], "rule": null})).await;
    insert(&*store, "d", json!({"rank": 7})).await;
    let lacking = async |conditions: Vec<Condition>| {
        ids(&*store, vec![in_status("created"), Condition::NotAll(conditions)]).await.join("")
    };
    let has = |word: &str| Condition::HasAny("words", vec![whole(word)]);
    assert_eq!(lacking(vec![has("opera")]).await, "cd");
    assert_eq!(lacking(vec![has("opera"), has("gala")]).await, "bcd");
    assert_eq!(lacking(vec![Condition::Equals("rule", json!(2))]).await, "bcd");
    assert_eq!(lacking(vec![Condition::AtLeast("rule", json!(1))]).await, "cd");
    assert_eq!(lacking(vec![Condition::Equals("rank", json!(0)), has("opera")]).await, "cd");
    assert_eq!(lacking(vec![Condition::NotAll(vec![has("opera")])]).await, "ab");
    assert_eq!(lacking(vec![Condition::Equals("rule", Value::Null)]).await, "ab");
    let both = vec![in_status("created"), has("opera"), Condition::NotAll(vec![has("gala")])];
    assert_eq!(ids(&*store, both).await, ["b"]);
}

/// A record is found by what its list is now, while the index is of it.
pub async fn an_indexed_list_follows_its_record(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    let store = &*store;
    insert(store, "a", json!({"words": ["opera", "gala"]})).await;
    insert(store, "b", json!({"words": ["opera"]})).await;
    store.commit(change("a", 0, json!({"words": ["jazz", "gala"]}))).await.expect("updates");
    assert_eq!(found(store, &["opera"]).await, ["b"]);
    assert_eq!(found(store, &["gala"]).await, ["a"]);
    assert_eq!(found(store, &["jazz", "gala"]).await, ["a"]);
    store.commit(change("a", 1, json!({"words": ["jazz"], "status": "cancelled"}))).await.expect("updates");
    assert_eq!(found(store, &["jazz"]).await, Vec::<String>::new());
    assert_eq!(searched(store, "cancelled", "words", &["jazz"]).await, ["a"]);
    store.commit(change("a", 2, json!({"words": ["rock"], "status": "awaiting:payment"}))).await.expect("updates");
    assert_eq!(searched(store, "awaiting:payment", "words", &["rock"]).await, ["a"]);
    store.commit(change("a", 3, json!({"words": ["rock"]}))).await.expect("updates");
    assert_eq!(found(store, &["rock"]).await, ["a"]);
    assert_eq!(store.purge(&ITEMS, &[Condition::has_prefix("words", "ro")]).await.expect("purges"), 1);
    assert_eq!(found(store, &["rock"]).await, Vec::<String>::new());
    insert(store, "a", json!({"words": ["swing"]})).await;
    assert_eq!((found(store, &["rock"]).await, found(store, &["swi"]).await), (vec![], vec!["a".to_owned()]));
}

/// A list that is missing is `null`; one that is empty is not.
pub async fn records_without_the_list_are_found(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    let store = &*store;
    insert(store, "a", json!({})).await;
    insert(store, "b", json!({"words": null})).await;
    insert(store, "c", json!({"words": []})).await;
    insert(store, "d", json!({"status": "cancelled"})).await;
    let without =
        async |status: &str| ids(store, vec![in_status(status), Condition::Equals("words", Value::Null)]).await;
    assert_eq!(without("created").await, ["a", "b"]);
    assert_eq!(without("cancelled").await, ["d"]);
    assert_eq!(ids(store, vec![Condition::Equals("words", Value::Null)]).await, ["a", "b", "d"]);
    store.commit(change("a", 0, json!({"words": ["x"]}))).await.expect("updates");
    store.commit(change("d", 0, json!({}))).await.expect("updates");
    assert_eq!(without("created").await, ["b", "d"]);
}

/// Texts that many records have and that few have, alone and together, in either lane.
pub async fn a_search_is_sorted_and_paged_however_many_it_finds(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    let words = |n: u32| {
        let rare = if n % 20 == 3 { "rare" } else { "other" };
        let parity = if n.is_multiple_of(2) { "even" } else { "odd" };
        json!(["all", parity, rare, format!("number{n:02}")])
    };
    for n in 0..60 {
        insert(&*store, &format!("item{n:02}"), json!({"rank": n / 7, "words": words(n)})).await;
    }
    let is_found = |n: &u32, prefixes: &[&str]| {
        let words = words(*n);
        let texts: Vec<&str> = words.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        prefixes.iter().all(|prefix| texts.iter().any(|text| text.starts_with(prefix)))
    };
    for prefixes in [&["a"][..], &["even"], &["rare"], &["odd", "rare"], &["even", "odd"], &["even", "number1", "al"]] {
        for (direction, lane) in [(Direction::Ascending, Lane::Search), (Direction::Descending, Lane::Direct)] {
            let has = prefixes.iter().map(|prefix| Condition::has_prefix("words", *prefix));
            let conditions = std::iter::once(in_status("created")).chain(has).collect();
            let query = Query { conditions, sort: Some("rank"), direction, after: None, limit: Some(4), lane };
            let matching = (0..60).filter(|n| is_found(n, prefixes));
            let mut expected: Vec<String> = matching.map(|n| format!("item{n:02}")).collect();
            if direction == Direction::Descending {
                expected.reverse();
            }
            assert_eq!(pages(&*store, query, async || {}).await, expected, "{prefixes:?} {direction:?}");
        }
    }
}

/// Texts that hundreds of records have, which no engine looks up one by one; alone and together, in another order than
/// that of the ids.
pub async fn a_search_is_sorted_and_paged_among_hundreds(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    let rank = |n: u32| n * 7 % 1200;
    let words = |n: u32| {
        let parity = if n.is_multiple_of(2) { "even" } else { "odd" };
        json!(["all", parity, if n.is_multiple_of(3) { "third" } else { "other" }])
    };
    let items = (0..1200).map(|n| (format!("item{n:04}"), json!({"rank": rank(n), "words": words(n)})));
    join_all(items.map(|(id, item)| store.commit(new(&id, item)))).await.into_iter().for_each(|written| {
        written.expect("inserts");
    });
    for sought in [&["all"][..], &["even"], &["all", "odd"], &["even", "third"], &["even", "odd"], &["third", "none"]] {
        let has_all = |n: &u32| {
            let words = words(*n);
            sought.iter().all(|word| words.as_array().expect("a list").contains(&(*word).into()))
        };
        let has = sought.iter().map(|word| Condition::HasAny("words", vec![whole(word)]));
        let conditions = std::iter::once(in_status("created")).chain(has).collect();
        let (direction, lane) = (Direction::Descending, Lane::Search);
        let query = Query { conditions, sort: Some("rank"), direction, after: None, limit: Some(150), lane };
        let mut expected: Vec<u32> = (0..1200).filter(has_all).collect();
        expected.sort_by_key(|n| Reverse(rank(*n)));
        let expected: Vec<String> = expected.into_iter().map(|n| format!("item{n:04}")).collect();
        assert_eq!(pages(&*store, query, async || {}).await, expected, "{sought:?}");
    }
}

/// Whatever was declared before, the index has what it would have if it had always been there.
pub async fn an_index_of_a_list_declared_later_covers_what_is_there(backend: &Backend) {
    let of = |collection, commit: Commit| Commit { collection, ..commit };
    let store = backend.prepared(&[&UNINDEXED]).await;
    for (id, status) in [("a", "created"), ("b", "cancelled")] {
        let commit = new(id, json!({"words": ["opera"], "status": status}));
        store.commit(of(&UNINDEXED, commit)).await.expect("inserts");
    }
    drop(store);
    let store = backend.prepared(&[&INDEXED_WHOLE]).await;
    let opera = Query::all(vec![Condition::has_prefix("words", "op")]);
    assert_eq!(store.find(&INDEXED_WHOLE, &opera).await.expect("finds").len(), 2);
    store.commit(of(&INDEXED_WHOLE, new("c", json!({"words": ["opera"]})))).await.expect("inserts");
    drop(store);
    let store = backend.prepared(&[&ITEMS]).await;
    assert_eq!(found(&*store, &["opera"]).await, ["a", "c"]);
    drop(store);
    let store = backend.prepared(&[&UNINDEXED]).await;
    store.commit(of(&UNINDEXED, change("a", 0, json!({"words": ["jazz"]})))).await.expect("updates");
    drop(store);
    let store = backend.prepared(&[&ITEMS]).await;
    assert_eq!(
        (found(&*store, &["opera"]).await, found(&*store, &["jazz"]).await),
        (vec!["c".into()], vec!["a".into()])
    );
}
