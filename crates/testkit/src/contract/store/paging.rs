//! Sorting, limits and cursors.

use ports::store::{Condition, Cursor, Direction, Query, Record, RecordStore};
use serde_json::json;

use super::Backend;
use super::sample::{ITEMS, insert};

/// By id, by an indexed field and by an unindexed one.
const SORTS: [Option<&str>; 3] = [None, Some("rank"), Some("plain")];
const DIRECTIONS: [Direction; 2] = [Direction::Ascending, Direction::Descending];

async fn find(store: &dyn RecordStore, query: &Query) -> Vec<Record> {
    store.find(&ITEMS, query).await.expect("finds")
}

fn names(records: &[Record]) -> Vec<&str> {
    records.iter().map(|record| record.id.as_str()).collect()
}

/// Records with ties: item n has rank n / 3.
async fn insert_items(store: &dyn RecordStore, numbers: impl Iterator<Item = u32>) {
    for n in numbers {
        insert(store, &format!("item{n:02}"), json!({"rank": n / 3, "plain": format!("text {}", n / 3)})).await;
    }
}

/// All ids in order, page by page. `between` runs after the first page.
pub(super) async fn pages(store: &dyn RecordStore, mut query: Query, between: impl AsyncFnOnce()) -> Vec<String> {
    let mut between = Some(between);
    let mut all = Vec::new();
    loop {
        let page = find(store, &query).await;
        let Some(last) = page.last() else { return all };
        let text = Cursor::after(last, query.sort).encode();
        query.after = Some(Cursor::decode(&text).expect("our own cursor"));
        all.extend(page.into_iter().map(|record| record.id));
        if let Some(between) = between.take() {
            between().await;
        }
    }
}

/// Records with equal keys are ordered by id, in the same direction.
pub async fn results_are_sorted_and_limited(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    for (id, rank) in [("b", 2), ("d", 1), ("a", 2), ("c", 3)] {
        insert(&*store, id, json!({"rank": rank, "plain": rank})).await;
    }
    for sort in ["rank", "plain"] {
        let mut query = Query { sort: Some(sort), ..Query::default() };
        assert_eq!(names(&find(&*store, &query).await), ["d", "a", "b", "c"]);
        query.direction = Direction::Descending;
        assert_eq!(names(&find(&*store, &query).await), ["c", "b", "a", "d"]);
        query.limit = Some(2);
        assert_eq!(names(&find(&*store, &query).await), ["c", "b"]);
        query.limit = Some(0);
        assert_eq!(names(&find(&*store, &query).await), Vec::<&str>::new());
    }
}

/// Every sort order and page size, ties included.
pub async fn pages_cover_every_record_once(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    insert_items(&*store, 0..20).await;
    for sort in SORTS {
        for direction in DIRECTIONS {
            for limit in [1, 2, 7] {
                let conditions = vec![Condition::Equals("owner", json!("ada"))];
                let query = Query { conditions, sort, direction, limit: Some(limit), ..Query::default() };
                let mut expected: Vec<String> = (0..20).map(|n| format!("item{n:02}")).collect();
                if direction == Direction::Descending {
                    expected.reverse();
                }
                assert_eq!(pages(&*store, query, async || {}).await, expected, "{sort:?} {direction:?} {limit}");
            }
        }
    }
}

/// Inserts before and after the cursor shift nothing: every record that existed throughout is on exactly one
/// page. The last record read may be deleted.
pub async fn pages_stay_right_while_records_come_and_go(backend: &Backend) {
    for sort in SORTS {
        for direction in DIRECTIONS {
            let store = backend.prepared(&[&ITEMS]).await;
            store.purge(&ITEMS, &[]).await.expect("empties");
            insert_items(&*store, (0..20).filter(|n| n % 2 == 0)).await;
            let query = Query { sort, direction, limit: Some(4), ..Query::default() };
            let newcomers = async || {
                insert_items(&*store, (0..20).filter(|n| n % 2 == 1)).await;
                for last in ["item06", "item12"] {
                    let is_last = [Condition::Equals("code", json!(format!("code of {last}")))];
                    assert_eq!(store.purge(&ITEMS, &is_last).await.expect("purges"), 1);
                }
            };
            let seen = pages(&*store, query, newcomers).await;
            let mut ordered = seen.clone();
            ordered.sort();
            if direction == Direction::Descending {
                ordered.reverse();
            }
            assert_eq!(seen, ordered, "{sort:?} {direction:?}");
            for n in (0..20).filter(|n| n % 2 == 0 && *n != 6 && *n != 12) {
                let times = seen.iter().filter(|id| **id == format!("item{n:02}")).count();
                assert_eq!(times, 1, "item{n:02} {sort:?} {direction:?}");
            }
        }
    }
}

/// A number without an exact decimal form equals itself when a cursor carries it.
pub async fn floating_point_ties_are_paged(backend: &Backend) {
    let store = backend.prepared(&[&ITEMS]).await;
    let numbers = [0.1 + 0.2, 1.0 / 3.0, 2.0_f64.sqrt() * 1e-7, 1e22 + 2097152.0, -5e-324];
    for (n, number) in numbers.into_iter().enumerate() {
        for twin in 0..3 {
            insert(&*store, &format!("item{n}{twin}"), json!({"rank": number, "plain": number})).await;
        }
        for field in ["rank", "plain"] {
            let equal = Query::all(vec![Condition::Equals(field, json!(number))]);
            assert_eq!(find(&*store, &equal).await.len(), 3, "{number:e}");
        }
    }
    for sort in ["rank", "plain"] {
        let query = Query { sort: Some(sort), limit: Some(2), ..Query::default() };
        assert_eq!(pages(&*store, query, async || {}).await.len(), 15);
    }
}
