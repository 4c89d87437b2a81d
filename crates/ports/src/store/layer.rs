use async_trait::async_trait;

use common::time::Timestamp;

use super::{Collection, Commit, Condition, OutboxEntry, OutboxKey, Query, Record, RecordStore, StoreError};

/// A store on top of another that does some things differently: whatever is not said here, the other does.
#[async_trait]
pub trait StoreLayer: Send + Sync + 'static {
    /// The other.
    fn inner(&self) -> &dyn RecordStore;

    /// See [`RecordStore::prepare`].
    async fn prepare(&self, collections: &[&'static Collection]) -> Result<(), StoreError> {
        self.inner().prepare(collections).await
    }

    /// See [`RecordStore::commit`].
    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        self.inner().commit(commit).await
    }

    /// See [`RecordStore::get`].
    async fn get(&self, collection: &'static Collection, id: &str) -> Result<Option<Record>, StoreError> {
        self.inner().get(collection, id).await
    }

    /// See [`RecordStore::find`].
    async fn find(&self, collection: &'static Collection, query: &Query) -> Result<Vec<Record>, StoreError> {
        self.inner().find(collection, query).await
    }

    /// See [`RecordStore::unpublished`].
    async fn unpublished(
        &self,
        collection: &'static Collection,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        self.inner().unpublished(collection, before, limit).await
    }
}

#[async_trait]
impl<L: StoreLayer> RecordStore for L {
    fn publishes(&self) -> bool {
        self.inner().publishes()
    }

    async fn prepare(&self, collections: &[&'static Collection]) -> Result<(), StoreError> {
        StoreLayer::prepare(self, collections).await
    }

    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        StoreLayer::commit(self, commit).await
    }

    async fn get(&self, collection: &'static Collection, id: &str) -> Result<Option<Record>, StoreError> {
        StoreLayer::get(self, collection, id).await
    }

    async fn find(&self, collection: &'static Collection, query: &Query) -> Result<Vec<Record>, StoreError> {
        StoreLayer::find(self, collection, query).await
    }

    async fn purge(&self, collection: &'static Collection, conditions: &[Condition]) -> Result<u64, StoreError> {
        self.inner().purge(collection, conditions).await
    }

    async fn unpublished(
        &self,
        collection: &'static Collection,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        StoreLayer::unpublished(self, collection, before, limit).await
    }

    async fn mark_published(&self, collection: &'static Collection, events: &[OutboxKey]) -> Result<(), StoreError> {
        self.inner().mark_published(collection, events).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.inner().ping().await
    }

    async fn close(&self) {
        self.inner().close().await;
    }
}
