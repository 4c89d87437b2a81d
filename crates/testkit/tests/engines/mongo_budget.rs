//! Queries of MongoDB that take longer than they may.

use std::time::Duration;

use adapters::mongo::MongoStore;
use mongodb::bson::{Document, doc};
use ports::store::{Collection, Condition, Lane, Query, ReadLimits, RecordStore, StoreError};
use testkit::engines;

const PATIENCE: Duration = Duration::from_secs(60);
/// Less than looking at all records takes.
const TOO_LITTLE: Duration = Duration::from_millis(1);

static ITEMS: Collection = Collection { name: "items", indexes: &[] };

/// Looks at every record, and finds none.
async fn look_at_all(store: &MongoStore, lane: Lane) -> Result<usize, StoreError> {
    let query = Query { lane, ..Query::all(vec![Condition::has_prefix("words", "zzzz")]) };
    store.find(&ITEMS, &query).await.map(|found| found.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_takes_longer_than_it_may_is_stopped() {
    let (uri, name) = (engines::mongodb_uri().await, format!("budget{:016x}", rand::random::<u64>()));
    let database = mongodb::Client::with_uri_str(&uri).await.expect("connects").database(&name);
    let words: Vec<String> = (0..20).map(|number| format!("word{number}")).collect();
    for _ in 0..20 {
        let records = (0..1000).map(|_| doc! {"words": &words, "body": {"words": &words}});
        database.collection::<Document>(ITEMS.name).insert_many(records).await.expect("inserts");
    }
    let open =
        async |limits: ReadLimits| MongoStore::connect(&uri, &name, PATIENCE).await.expect("connects").limited(limits);
    for (limits, stopped, other) in [
        (ReadLimits { search: TOO_LITTLE, ..ReadLimits::default() }, Lane::Search, Lane::Direct),
        (ReadLimits { direct: TOO_LITTLE, search: PATIENCE, ..ReadLimits::default() }, Lane::Direct, Lane::Search),
    ] {
        let store = open(limits).await;
        let over = look_at_all(&store, stopped).await;
        assert!(matches!(over, Err(StoreError::OverBudget(_))), "{stopped:?}: {over:?}");
        assert_eq!(look_at_all(&store, other).await.expect("it has time"), 0);
    }
    database.drop().await.expect("drops");
}
