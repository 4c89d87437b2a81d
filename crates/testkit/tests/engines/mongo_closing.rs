//! A store on MongoDB that is closed.

use std::time::Duration;

use adapters::mongo::MongoStore;
use futures::TryStreamExt;
use mongodb::bson::{Document, doc};
use ports::store::{Collection, Condition, Query, RecordStore};
use testkit::engines;

const PATIENCE: Duration = Duration::from_secs(60);

static ITEMS: Collection = Collection { name: "items", indexes: &[] };

/// What is left of a store's connections and sessions ends in the background, and panics if the process ends first.
#[tokio::test(flavor = "multi_thread")]
async fn a_closed_store_has_no_connections_any_more() {
    let name = format!("closing{:016x}", rand::random::<u64>());
    let uri = engines::mongodb_uri().await;
    let admin = mongodb::Client::with_uri_str(&uri).await.expect("connects").database("admin");
    let connections = async || {
        let all = [doc! {"$currentOp": {"idleConnections": true}}, doc! {"$match": {"appName": &name}}];
        let found: Vec<Document> = admin.aggregate(all).await.expect("lists").try_collect().await.expect("lists");
        found.len()
    };
    let store = MongoStore::connect(&format!("{uri}&appName={name}"), &name, PATIENCE).await.expect("connects");
    store.find(&ITEMS, &Query::all(vec![Condition::has_prefix("words", "zzzz")])).await.expect("finds nothing");
    assert_ne!(connections().await, 0);

    store.close().await;
    let all_ended = async {
        while connections().await > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, all_ended).await.expect("they end");
    drop(store);
}
