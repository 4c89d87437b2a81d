use std::sync::Arc;

use async_trait::async_trait;
use common::time::Timestamp;
use ports::store::{Collection, Commit, Condition, OutboxEntry, OutboxKey, Query, Record, RecordStore, StoreError};

use super::gate::Gate;
use crate::simulation::plan::Rates;

/// A service's connection to its database.
pub(in crate::simulation) struct TroubledStore {
    pub(in crate::simulation) inner: Arc<dyn RecordStore>,
    pub(in crate::simulation) gate: Gate,
}

impl TroubledStore {
    async fn pass<T>(&self, what: &str, work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let fails: fn(&Rates) -> u32 = |rates| rates.store_fails;
        self.gate.call(what, fails, StoreError::Unavailable, work).await
    }
}

#[async_trait]
impl RecordStore for TroubledStore {
    fn publishes(&self) -> bool {
        self.inner.publishes()
    }

    async fn prepare(&self, collections: &[&'static Collection]) -> Result<(), StoreError> {
        self.pass("preparing its collections", self.inner.prepare(collections)).await
    }

    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        let what = format!("writing {} {} r{}", commit.collection.name, commit.record.id, commit.record.revision);
        self.pass(&what, self.inner.commit(commit)).await
    }

    async fn get(&self, collection: &'static Collection, id: &str) -> Result<Option<Record>, StoreError> {
        self.pass("reading a record", self.inner.get(collection, id)).await
    }

    async fn find(&self, collection: &'static Collection, query: &Query) -> Result<Vec<Record>, StoreError> {
        self.pass("a query", self.inner.find(collection, query)).await
    }

    async fn purge(&self, collection: &'static Collection, conditions: &[Condition]) -> Result<u64, StoreError> {
        self.pass("clearing away old records", self.inner.purge(collection, conditions)).await
    }

    async fn unpublished(
        &self,
        collection: &'static Collection,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        self.pass("looking for events left behind", self.inner.unpublished(collection, before, limit)).await
    }

    async fn mark_published(&self, collection: &'static Collection, events: &[OutboxKey]) -> Result<(), StoreError> {
        self.pass("clearing the outbox", self.inner.mark_published(collection, events)).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        // Polled every second by every service: not worth a delay, and other calls find the same problems.
        self.gate.life.outlive(self.inner.ping()).await
    }

    async fn close(&self) {
        self.inner.close().await;
    }
}
