use std::sync::Arc;

use adapters::sqlite::SqliteStore;
use async_trait::async_trait;
use common::time::Timestamp;
use ports::clock::Clock;
use ports::store::{Collection, Commit, Condition, OutboxEntry, OutboxKey, Query, Record, RecordStore, StoreError};

use crate::services::published_version;
use crate::simulation::history::{Committed, EventRef, History, HistoryEvent};
use crate::simulation::party::Party;

/// A database whose commits are recorded in the history.
pub(in crate::simulation) struct RecordingStore {
    pub(super) inner: Arc<SqliteStore>,
    pub(super) party: Party,
    pub(super) clock: Clock,
    pub(super) history: History,
}

#[async_trait]
impl RecordStore for RecordingStore {
    async fn prepare(&self, collections: &[&'static Collection]) -> Result<(), StoreError> {
        self.inner.prepare(collections).await
    }

    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        let committed = Committed {
            party: self.party,
            collection: commit.collection.name,
            id: commit.record.id.clone(),
            revision: commit.record.revision.0,
            version: published_version(&commit.record),
            body: commit.record.body.clone(),
            events: commit.events.iter().map(EventRef::from).collect(),
            clock: self.clock.now(),
        };
        self.inner.commit(commit).await?;
        self.history.note(HistoryEvent::Committed(Box::new(committed)));
        Ok(())
    }

    async fn get(&self, collection: &'static Collection, id: &str) -> Result<Option<Record>, StoreError> {
        self.inner.get(collection, id).await
    }

    async fn find(&self, collection: &'static Collection, query: &Query) -> Result<Vec<Record>, StoreError> {
        self.inner.find(collection, query).await
    }

    async fn purge(&self, collection: &'static Collection, conditions: &[Condition]) -> Result<u64, StoreError> {
        self.inner.purge(collection, conditions).await
    }

    async fn unpublished(
        &self,
        collection: &'static Collection,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        self.inner.unpublished(collection, before, limit).await
    }

    async fn mark_published(&self, collection: &'static Collection, events: &[OutboxKey]) -> Result<(), StoreError> {
        self.inner.mark_published(collection, events).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.inner.ping().await
    }
}
