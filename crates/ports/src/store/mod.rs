//! The Store port: one aggregate per commit, together with the events it causes.
//!
//! [`RecordStore`] is what an adapter implements: plain records, no domain types. Services use the
//! typed store of `runtime` on top of it.

mod error;
mod layer;
mod query;
mod read_limits;
mod record;

pub use error::{Conflict, StoreError};
pub use layer::StoreLayer;
pub use query::{Condition, Cursor, Direction, Lane, Query, SoughtText};
pub use read_limits::ReadLimits;
pub use record::{Collection, Commit, Index, Only, OutboxEntry, OutboxKey, Precondition, Record, Revision};

use async_trait::async_trait;

use common::time::Timestamp;

/// A database that keeps versioned records and the events their commits caused.
#[async_trait]
pub trait RecordStore: Send + Sync + 'static {
    /// Makes sure that the collections and their indexes exist. Called once before anything else.
    async fn prepare(&self, collections: &[&'static Collection]) -> Result<(), StoreError>;

    /// Whether a commit also publishes its events: they are on the bus when it returns, and there is no outbox. If
    /// not, they wait in the outbox, and have to be taken to the bus.
    fn publishes(&self) -> bool;

    /// Writes one record together with its events, atomically and durably (it survives power
    /// loss once this returns), or nothing at all.
    ///
    /// Concurrent commits may be written together; each returns its own outcome.
    async fn commit(&self, commit: Commit) -> Result<(), StoreError>;

    /// The record with this id.
    async fn get(&self, collection: &'static Collection, id: &str) -> Result<Option<Record>, StoreError>;

    /// The records that meet every condition of the query, in the order it asks for.
    async fn find(&self, collection: &'static Collection, query: &Query) -> Result<Vec<Record>, StoreError>;

    /// Removes the records that meet every condition and have no unpublished events. Returns how
    /// many were removed. For records that no rule needs any more.
    async fn purge(&self, collection: &'static Collection, conditions: &[Condition]) -> Result<u64, StoreError>;

    /// Events committed before `before` and not yet marked as published, at most `limit`, those
    /// of one record in the order of their commits.
    async fn unpublished(
        &self,
        collection: &'static Collection,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<OutboxEntry>, StoreError>;

    /// Clears events from the outbox. Events that are not in it any more are ignored.
    async fn mark_published(&self, collection: &'static Collection, events: &[OutboxKey]) -> Result<(), StoreError>;

    /// Succeeds if the database responds and can be written to.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Ends what the database keeps for this store, such as connections. Nothing is asked of the store afterwards.
    async fn close(&self);
}
