//! The Store port on SQLite.
//!
//! Each collection is a table of JSON documents with a generated column for every indexed field. If the bus of the
//! process is in the same [`Database`], a commit writes its events to the bus's log, and nobody has to relay them; if
//! not, to a second table as their outbox. Records that were written or read last are cached ([`cache`]).

mod cache;
mod commit;
mod left_behind;
mod lists;
mod outbox;
#[cfg(test)]
mod plans;
mod purge;
mod query;
mod read;
pub(crate) mod schema;
mod search;
pub(crate) mod sql;
pub(crate) mod table;
mod walk;

use std::path::Path;

use async_trait::async_trait;
use common::time::Timestamp;
use ports::store::{
    Collection, Commit, Condition, Conflict, Lane, OutboxEntry, OutboxKey, Query, Record, RecordStore, StoreError,
};
use rusqlite::Connection;

use crate::database::{Database, WriteFailed};
use crate::local::{Publisher, WrittenEvents};
use cache::RecordCache;
use commit::PreparedCommit;
use table::Table;

/// The name under which a store is in a database that it shares with nobody.
const ALONE: &str = "store";

/// The store of one service.
pub struct SqliteStore {
    database: Database,
    service: &'static str,
    cache: RecordCache,
    /// Who publishes the events of commits; `None` if they are to be relayed.
    publisher: Option<Publisher>,
}

impl SqliteStore {
    /// The store of `service` in this database, while the bus is elsewhere. There may be one of each service.
    pub fn on(database: &Database, service: &'static str) -> Self {
        Self { database: database.clone(), service, cache: RecordCache::new(), publisher: None }
    }

    /// The store of `service` in the database that the bus is in.
    pub(crate) fn publishing(database: &Database, service: &'static str, publisher: Publisher) -> Self {
        Self { publisher: Some(publisher), ..Self::on(database, service) }
    }

    /// A store in a database of its own in this file.
    ///
    /// # Errors
    /// If the file cannot be used; see [`Database::open`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self::on(&Database::open(path)?, ALONE))
    }

    /// A store whose records are gone when it is dropped.
    ///
    /// # Errors
    /// If there is no memory left.
    pub fn in_memory() -> Result<Self, StoreError> {
        Ok(Self::on(&Database::in_memory()?, ALONE))
    }

    fn table(&self, collection: &'static Collection) -> Table {
        Table { service: self.service, collection }
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        Ok(self.database.writer().run(work).await?)
    }
}

/// What has become of a commit within the transaction.
type Outcome = Result<Written, Conflict>;

/// A record that has been written, and its events, which nobody has seen yet.
struct Written {
    record: commit::PreparedRecord,
    events: WrittenEvents,
}

fn apply(db: &Connection, commit: PreparedCommit) -> rusqlite::Result<Outcome> {
    let PreparedCommit { record, events } = commit;
    if let Err(conflict) = record.write(db)? {
        return Ok(Err(conflict));
    }
    let events = record.write_events(db, events)?;
    Ok(Ok(Written { record, events }))
}

#[async_trait]
impl RecordStore for SqliteStore {
    fn publishes(&self) -> bool {
        self.publisher.is_some()
    }

    async fn prepare(&self, collections: &[&'static Collection]) -> Result<(), StoreError> {
        let tables: Vec<Table> = collections.iter().map(|collection| self.table(collection)).collect();
        let publisher = self.publisher.clone();
        let prepare = move |db: &Connection| {
            if let Err(error) = schema::prepare(db, &tables, publisher.is_none()) {
                return Ok(Err(error));
            }
            let left_behind = publisher.map(|publisher| left_behind::publish(db, &tables, &publisher));
            Ok(Ok(left_behind.transpose()?.unwrap_or_default()))
        };
        let then = |prepared: &mut Result<Result<WrittenEvents, StoreError>, WriteFailed>| {
            if let Ok(Ok(events)) = prepared {
                std::mem::take(events).show();
            }
        };
        self.database.writer().run_then(prepare, then).await?.map(drop)
    }

    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        let table = self.table(commit.collection);
        let commit = PreparedCommit::new(commit, table, self.publisher.as_ref())?;
        let cache = self.cache.clone();
        let then = move |outcome: &mut Result<Outcome, WriteFailed>| match outcome {
            Ok(Ok(Written { record, events })) => {
                // First, so that who hears of the change finds it.
                record.update_cache(&cache);
                std::mem::take(events).show();
            }
            Ok(Err(_)) => {}
            // It is not known whether it has been written.
            Err(_) => cache.clear(),
        };
        let outcome = self.database.writer().run_then(move |db| apply(db, commit), then).await?;
        outcome.map(drop).map_err(StoreError::Conflict)
    }

    async fn get(&self, collection: &'static Collection, id: &str) -> Result<Option<Record>, StoreError> {
        let stored = match self.cache.get(collection, id) {
            Ok(stored) => stored,
            Err(writes_before) => {
                let (table, sought) = (self.table(collection), id.to_owned());
                let read = self.database.read(Lane::Direct, move |from| read::get(from, table, &sought)).await?;
                let Some(stored) = read else { return Ok(None) };
                self.cache.insert_read(collection, id, stored.clone(), writes_before);
                stored
            }
        };
        read::record(collection, id.to_owned(), &stored).map(Some)
    }

    async fn find(&self, collection: &'static Collection, query: &Query) -> Result<Vec<Record>, StoreError> {
        let (table, query) = (self.table(collection), query.clone());
        self.database.read(query.lane, move |from| read::find(from, table, &query)).await
    }

    async fn purge(&self, collection: &'static Collection, conditions: &[Condition]) -> Result<u64, StoreError> {
        let (table, has_outbox, mut purged) = (self.table(collection), self.publisher.is_none(), 0);
        loop {
            let (conditions, cache) = (conditions.to_vec(), self.cache.clone());
            let purge = move |db: &Connection| purge::apply(db, table, has_outbox, &conditions);
            let count = self.database.writer().run_then(purge, move |_| cache.clear()).await?;
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
        if self.publishes() {
            return Ok(Vec::new());
        }
        let table = self.table(collection);
        let read = move |from: &Connection| outbox::unpublished(from, table, before, limit);
        self.database.read(Lane::Direct, read).await
    }

    async fn mark_published(&self, collection: &'static Collection, events: &[OutboxKey]) -> Result<(), StoreError> {
        if self.publishes() {
            return Ok(());
        }
        let (table, events) = (self.table(collection), events.to_vec());
        self.write(move |db| outbox::clear(db, table, &events)).await.map(drop)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        // The transaction that this is done in shows that it can be written to.
        self.write(|_| Ok(())).await
    }

    /// The database is of all services of the process, and ends with the last of their stores.
    async fn close(&self) {}
}
