//! The Store port on MongoDB.
//!
//! A record is one document: `_id`, `version`, the fields of its body, and an array `outbox` with
//! the events that wait to be published. One insert or one update of that document is thus a
//! whole commit; there are no multi-document transactions. Concurrent inserts into a collection
//! travel together, and so do updates of different records and reads by id: what a command costs
//! MongoDB is many times what one document more in it does.

mod coalesce;
mod connection;
mod document;
mod error;
mod filter;
#[cfg(test)]
mod fuzz;
mod indexes;
mod insert;
mod lane;
mod outbox;
mod read;
mod update;
mod updates;
mod value;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use common::time::Timestamp;
use futures::TryStreamExt;
use mongodb::bson::{RawDocumentBuf, doc};
use mongodb::{Client, Database};
use ports::store::{
    Collection, Commit, Condition, Precondition, PublishedEvent, Query, Record, RecordStore, StoreError, Unpublished,
};

use error::{store_error, within};
use lane::Lane;

/// No single answer takes this long in a healthy system. The driver itself would wait for ever
/// for a server that has accepted a command and then hangs.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// Building an index on a large collection, or purging one, takes a while.
const HOUSEKEEPING_WITHIN: Duration = Duration::from_secs(600);

/// A store in one database of a MongoDB replica set.
pub struct MongoStore {
    client: Client,
    database: Database,
    lanes: Mutex<HashMap<&'static str, Arc<Lane>>>,
}

impl MongoStore {
    /// Connects to the replica set at `uri`, to keep records in `database`. Stores in different
    /// databases do not see each other. An answer is waited for during an election, but not beyond
    /// `patience`.
    ///
    /// # Errors
    /// With one line for the operator if the URI is wrong or nothing answers there in time.
    pub async fn connect(uri: &str, database: &str, patience: Duration) -> Result<Self, StoreError> {
        let client = connection::connect(uri, patience).await?;
        let database = client.database(database);
        Ok(Self { client, lanes: Mutex::default(), database })
    }

    /// Whether the text is a connection string at all, which no waiting will change.
    ///
    /// # Errors
    /// With what is wrong about it.
    pub fn check_uri(uri: &str) -> Result<(), String> {
        mongodb::options::ConnectionString::parse(uri).map(drop).map_err(|error| error.kind.to_string())
    }

    fn documents(&self, collection: &Collection) -> mongodb::Collection<RawDocumentBuf> {
        self.database.collection(collection.name)
    }

    fn lane(&self, collection: &'static Collection) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let open = || Arc::new(Lane::open(collection, self.documents(collection)));
        lanes.entry(collection.name).or_insert_with(open).clone()
    }
}

#[async_trait]
impl RecordStore for MongoStore {
    async fn prepare(&self, collections: &[&'static Collection]) -> Result<(), StoreError> {
        let each = collections.iter().map(|collection| indexes::prepare(self.documents(collection), collection));
        within(HOUSEKEEPING_WITHIN, futures::future::try_join_all(each)).await.map(drop)
    }

    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        let lane = self.lane(commit.collection);
        match commit.precondition {
            Precondition::DoesNotExist => lane.insert(&commit).await,
            Precondition::MatchesRevision(expected) => lane.update(&commit, expected).await,
        }
    }

    async fn get(&self, collection: &'static Collection, id: &str) -> Result<Option<Record>, StoreError> {
        self.lane(collection).get(id).await
    }

    async fn find(&self, collection: &'static Collection, query: &Query) -> Result<Vec<Record>, StoreError> {
        if query.limit == Some(0) {
            // To MongoDB, a limit of zero is none.
            return Ok(Vec::new());
        }
        let documents = self.documents(collection);
        let find = documents
            .find(filter::of_query(query)?)
            .sort(filter::sort(query))
            .limit(query.limit.map_or(0, |limit| i64::try_from(limit).unwrap_or(i64::MAX)))
            .projection(document::without_ours());
        let found: Vec<RawDocumentBuf> = within(ANSWER_WITHIN, async {
            let cursor = find.await.map_err(|error| store_error(&error))?;
            cursor.try_collect().await.map_err(|error| store_error(&error))
        })
        .await?;
        found.into_iter().map(|document| document::to_record(collection, &document)).collect()
    }

    async fn purge(&self, collection: &'static Collection, conditions: &[Condition]) -> Result<u64, StoreError> {
        let mut filter = filter::of_conditions(conditions)?;
        filter.push(doc! {"outbox.0": {"$exists": false}});
        let documents = self.documents(collection);
        let delete = documents.delete_many(filter::all(filter));
        let deleted = async { delete.await.map_err(|error| store_error(&error)) };
        Ok(within(HOUSEKEEPING_WITHIN, deleted).await?.deleted_count)
    }

    async fn unpublished(
        &self,
        collection: &'static Collection,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<Unpublished>, StoreError> {
        within(ANSWER_WITHIN, outbox::unpublished(&self.documents(collection), collection, before, limit)).await
    }

    async fn mark_published(
        &self,
        collection: &'static Collection,
        events: &[PublishedEvent],
    ) -> Result<(), StoreError> {
        within(ANSWER_WITHIN, outbox::clear(&self.documents(collection), events)).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        within(ANSWER_WITHIN, connection::ping(&self.client)).await
    }
}
