//! The Store port on one SQLite file per service.
//!
//! Each collection is a table of JSON documents with a generated column for every indexed field,
//! and a second table as its outbox. One thread writes: it commits everything that waits in its
//! queue in one transaction, which makes durable writes cheap. Reads of records that are not cached
//! ([`cache`]) run on the calling thread, on a small pool of connections; so do writes, if everything
//! is in memory.

mod cache;
mod commit;
mod database;
mod error;
mod outbox;
#[cfg(test)]
mod plans;
mod purge;
mod query;
mod read;
mod schema;
mod sql;
mod writer;

use std::path::Path;

use async_trait::async_trait;
use common::time::Timestamp;
use ports::store::{Collection, Commit, Condition, OutboxEntry, OutboxKey, Query, Record, RecordStore, StoreError};

use cache::RecordCache;
use database::Database;
use writer::{Target, Write, Writer};

/// A store in one SQLite file, or in memory.
pub struct SqliteStore {
    // Dropped first: the writer finishes its work before the file is released.
    writer: Writer,
    database: Database,
    cache: RecordCache,
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
        Ok(Self { writer: Writer::on_thread(Target::new(&database, &cache))?, database, cache })
    }

    /// A store whose records are gone when it is dropped.
    ///
    /// # Errors
    /// If there is no memory left.
    pub fn in_memory() -> Result<Self, StoreError> {
        let database = Database::in_memory()?;
        let cache = RecordCache::new();
        Ok(Self { writer: Writer::Caller(Target::new(&database, &cache)), database, cache })
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
                let Some(stored) = read::get(&self.database.reader(), collection, id)? else { return Ok(None) };
                self.cache.insert_read(collection, id, stored.clone(), writes_before);
                stored
            }
        };
        read::record(collection, id.to_owned(), &stored).map(Some)
    }

    async fn find(&self, collection: &'static Collection, query: &Query) -> Result<Vec<Record>, StoreError> {
        read::find(&self.database.reader(), collection, query)
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
        outbox::unpublished(&self.database.reader(), collection, before, limit)
    }

    async fn mark_published(&self, collection: &'static Collection, events: &[OutboxKey]) -> Result<(), StoreError> {
        let write = Write::MarkPublished { collection, events: events.to_vec() };
        self.writer.write(write).await.map(drop)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.writer.write(Write::Ping).await.map(drop)
    }
}
