//! The Store port on MongoDB.
//!
//! A record is one document: `_id`, `version`, the fields of its body, and an array `outbox` with
//! the events that wait to be published. One insert or one update of that document is thus a
//! whole commit; there are no multi-document transactions. Concurrent inserts into a collection
//! are sent together, and so are updates of different records and reads by id: a command costs
//! MongoDB many times what one more document in it does. What has been published leaves the outbox with
//! the record's next write, or with many others.

mod batched_collection;
mod coalesce;
mod connection;
mod document;
mod error;
mod filter;
#[cfg(test)]
mod fuzz;
mod indexes;
mod insert;
mod outbox;
mod published;
mod read;
mod search_lane;
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
    Collection, Commit, Condition, Lane, OutboxEntry, OutboxKey, Precondition, Query, ReadLimits, Record, RecordStore,
    StoreError,
};

use batched_collection::BatchedCollection;
use error::{store_error, within};
use search_lane::SearchLane;

/// No single response takes this long in a healthy system. The driver itself would wait forever
/// for a server that has accepted a command and then hangs.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a response may be on its way beside what the servers need for it.
const ON_ITS_WAY: Duration = Duration::from_secs(1);
/// How long the servers work on a read by ids, or of an outbox, before they stop: less than we wait, so that nothing
/// goes on that nobody waits for.
const READ_BUDGET: Duration = Duration::from_secs(5);
/// Building an index on a large collection, or purging one, takes a while.
const HOUSEKEEPING_TIMEOUT: Duration = Duration::from_secs(600);

/// A store in one database of a MongoDB replica set.
pub struct MongoStore {
    client: Client,
    database: Database,
    batched: Mutex<HashMap<&'static str, Arc<BatchedCollection>>>,
    limits: ReadLimits,
    searches: SearchLane,
}

impl MongoStore {
    /// Connects to the replica set at `uri`, to keep records in `database`. Stores in different
    /// databases do not see each other. If there is an election, this waits for it, but not longer
    /// than `patience`.
    ///
    /// # Errors
    /// With one line for the operator if the URI is wrong or nothing answers there in time.
    pub async fn connect(uri: &str, database: &str, patience: Duration) -> Result<Self, StoreError> {
        let client = connection::connect(uri, patience).await?;
        let (database, limits) = (client.database(database), ReadLimits::default());
        Ok(Self { client, batched: Mutex::default(), database, limits, searches: SearchLane::new(&limits) })
    }

    /// The same store, whose reads are limited so.
    pub fn limited(self, limits: ReadLimits) -> Self {
        Self { limits, searches: SearchLane::new(&limits), ..self }
    }

    /// Checks that the text is a connection string at all: no waiting will change that.
    ///
    /// # Errors
    /// With what is wrong about it.
    pub fn check_uri(uri: &str) -> Result<(), String> {
        mongodb::options::ConnectionString::parse(uri).map(drop).map_err(|error| error.kind.to_string())
    }

    fn documents(&self, collection: &Collection) -> mongodb::Collection<RawDocumentBuf> {
        self.database.collection(collection.name)
    }

    fn batched(&self, collection: &'static Collection) -> Arc<BatchedCollection> {
        let mut batched = self.batched.lock().unwrap_or_else(PoisonError::into_inner);
        let open = || Arc::new(BatchedCollection::open(collection, self.documents(collection)));
        batched.entry(collection.name).or_insert_with(open).clone()
    }
}

#[async_trait]
impl RecordStore for MongoStore {
    fn publishes(&self) -> bool {
        false
    }

    async fn prepare(&self, collections: &[&'static Collection]) -> Result<(), StoreError> {
        let each = collections.iter().map(|collection| indexes::prepare(self.documents(collection), collection));
        within(HOUSEKEEPING_TIMEOUT, futures::future::try_join_all(each)).await.map(drop)
    }

    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        let collection = self.batched(commit.collection);
        match commit.precondition {
            Precondition::DoesNotExist => collection.insert(&commit).await,
            Precondition::MatchesRevision(expected) => collection.update(&commit, expected).await,
        }
    }

    async fn get(&self, collection: &'static Collection, id: &str) -> Result<Option<Record>, StoreError> {
        self.batched(collection).get(id).await
    }

    async fn find(&self, collection: &'static Collection, query: &Query) -> Result<Vec<Record>, StoreError> {
        if query.limit == Some(0) {
            // To MongoDB, a limit of zero means no limit.
            return Ok(Vec::new());
        }
        let (_search, budget) = match query.lane {
            Lane::Direct => (None, self.limits.direct),
            Lane::Search => (Some(self.searches.enter().await?), self.limits.search),
        };
        let documents = self.documents(collection);
        let find = documents
            .find(filter::of_query(query)?)
            .sort(filter::sort(query))
            .limit(query.limit.map_or(0, |limit| i64::try_from(limit).unwrap_or(i64::MAX)))
            .projection(document::record_projection())
            .max_time(budget);
        // Servers that are frozen stop nothing.
        let found: Vec<RawDocumentBuf> = within(budget + ON_ITS_WAY, async {
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
        Ok(within(HOUSEKEEPING_TIMEOUT, deleted).await?.deleted_count)
    }

    async fn unpublished(
        &self,
        collection: &'static Collection,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        within(RESPONSE_TIMEOUT, outbox::unpublished(&self.documents(collection), collection, before, limit)).await
    }

    async fn mark_published(&self, collection: &'static Collection, events: &[OutboxKey]) -> Result<(), StoreError> {
        self.batched(collection).clear(events).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        within(RESPONSE_TIMEOUT, connection::ping(&self.client)).await
    }

    /// The driver would do the same in a task of its own when its last client is dropped, and panic if the runtime
    /// ends meanwhile.
    async fn close(&self) {
        if tokio::time::timeout(ON_ITS_WAY, self.client.clone().shutdown()).await.is_err() {
            tracing::warn!("MongoDB did not end our sessions in time");
        }
    }
}
