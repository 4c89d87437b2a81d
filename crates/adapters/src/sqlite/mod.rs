//! The Store port on one SQLite file per service.
//!
//! Each collection is a table of JSON documents with a generated column for every indexed field,
//! and a second table as its outbox. One thread writes: it commits everything that waits in its
//! queue in one transaction, which makes durable writes cheap. Reads of records that are not cached
//! ([`cache`]) run on threads of their own ([`readers`]), each with a connection and a limited time; searches
//! apart from all others. If everything is in memory, the caller's thread reads and writes.

mod cache;
mod commit;
mod database;
mod error;
mod lane;
mod lists;
mod outbox;
#[cfg(test)]
mod plans;
mod purge;
mod query;
mod read;
mod readers;
mod schema;
mod search;
mod sql;
mod writer;

use std::path::Path;

use async_trait::async_trait;
use common::time::Timestamp;
use ports::store::{
    Collection, Commit, Condition, Lane, OutboxEntry, OutboxKey, Query, Record, RecordStore, StoreError,
};

use cache::RecordCache;
use database::Database;
use readers::Readers;
use rusqlite::Connection;
use writer::{Target, Write, Writer};

/// A store in one SQLite file, or in memory.
pub struct SqliteStore {
    // Dropped first: the writer finishes its work, and reads end, before the file is released.
    writer: Writer,
    readers: Readers,
    cache: RecordCache,
    _database: Database,
}

impl SqliteStore {
    /// Opens the file, or creates it and the directories above it. Until the store is dropped no
    /// other can open it.
    ///
    /// # Errors
    /// With one line for the operator if the path cannot be written to, the file is something
    /// else, or another process has it open.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let database = Database::open(path)?;
        let cache = RecordCache::new();
        let readers = Readers::of_file(path)?;
        Ok(Self { writer: Writer::on_thread(Target::new(&database, &cache))?, readers, cache, _database: database })
    }

    /// A store whose records are gone when it is dropped.
    ///
    /// # Errors
    /// If there is no memory left.
    pub fn in_memory() -> Result<Self, StoreError> {
        let database = Database::in_memory()?;
        let cache = RecordCache::new();
        let readers = Readers::in_memory(&database);
        Ok(Self { writer: Writer::Caller(Target::new(&database, &cache)), readers, cache, _database: database })
    }
}

#[async_trait]
impl RecordStore for SqliteStore {
    async fn prepare(&self, collections: &[&'static Collection]) -> Result<(), StoreError> {
        self.writer.prepare(collections.to_vec()).await
    }

    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        let write = Write::Commit(Box::new(commit::PreparedCommit::new(commit)?));
        self.writer.write(write).await.map(drop)
    }

    async fn get(&self, collection: &'static Collection, id: &str) -> Result<Option<Record>, StoreError> {
        let stored = match self.cache.get(collection, id) {
            Ok(stored) => stored,
            Err(writes_before) => {
                let sought = id.to_owned();
                let read = self.readers.read(Lane::Direct, move |from| read::get(from, collection, &sought)).await?;
                let Some(stored) = read else { return Ok(None) };
                self.cache.insert_read(collection, id, stored.clone(), writes_before);
                stored
            }
        };
        read::record(collection, id.to_owned(), &stored).map(Some)
    }

    async fn find(&self, collection: &'static Collection, query: &Query) -> Result<Vec<Record>, StoreError> {
        let query = query.clone();
        self.readers.read(query.lane, move |from| read::find(from, collection, &query)).await
    }

    async fn purge(&self, collection: &'static Collection, conditions: &[Condition]) -> Result<u64, StoreError> {
        let mut purged = 0;
        loop {
            let write = Write::Purge { collection, conditions: conditions.to_vec() };
            let count = self.writer.write(write).await?;
            purged += count;
            if count < purge::CHUNK {
                return Ok(purged);
            }
        }
    }

    async fn unpublished(
        &self,
        collection: &'static Collection,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        let read = move |from: &Connection| outbox::unpublished(from, collection, before, limit);
        self.readers.read(Lane::Direct, read).await
    }

    async fn mark_published(&self, collection: &'static Collection, events: &[OutboxKey]) -> Result<(), StoreError> {
        let write = Write::MarkPublished { collection, events: events.to_vec() };
        self.writer.write(write).await.map(drop)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.writer.write(Write::Ping).await.map(drop)
    }
}
