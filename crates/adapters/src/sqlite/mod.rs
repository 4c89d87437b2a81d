//! The Store port on one SQLite file per service.
//!
//! Each collection is a table of JSON documents with a generated column for every indexed field,
//! and a second table as its outbox. One thread writes: it commits everything that waits in its
//! queue in one transaction, which is what makes durable writes cheap. Reads run on the calling
//! thread, on a small pool of connections, where the record is not remembered ([`cache`]); so do writes,
//! where everything is in memory.

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
use ports::store::{
    Collection, Commit, Condition, PublishedEvent, Query, Record, RecordStore, StoreError, Unpublished,
};

use cache::RecordCache;
use database::Database;
use writer::{Target, Write, Writer};

/// A store in one SQLite file, or in memory.
pub struct SqliteStore {
    // Dropped first: the writer finishes what it has before the file is let go.
    writer: Writer,
    database: Database,
    cache: RecordCache,
}

impl SqliteStore {
    /// Opens the file, or makes it, and the directories above it, if there is none. Until the
    /// store is dropped nobody else can open it.
    ///
    /// # Errors
    /// With one line for the operator if the place cannot be written to, the file is something
    /// else, or another process has it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let database = Database::open(path)?;
        let cache = RecordCache::new();
        Ok(Self { writer: Writer::on_thread(Target::new(&database, &cache))?, database, cache })
    }

    /// A store that forgets everything when it is dropped.
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
            Err(moment) => {
                let Some(stored) = read::get(&self.database.reader(), collection, id)? else { return Ok(None) };
                self.cache.read(collection, id, stored.clone(), moment);
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
            let now = self.writer.write(write).await?;
            purged += now;
            if now < purge::CHUNK {
                return Ok(purged);
            }
        }
    }

    async fn unpublished(
        &self,
        collection: &'static Collection,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<Unpublished>, StoreError> {
        outbox::unpublished(&self.database.reader(), collection, before, limit)
    }

    async fn mark_published(
        &self,
        collection: &'static Collection,
        events: &[PublishedEvent],
    ) -> Result<(), StoreError> {
        let write = Write::MarkPublished { collection, events: events.to_vec() };
        self.writer.write(write).await.map(drop)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.writer.write(Write::Ping).await.map(drop)
    }
}
