//! A store in which two decisions about an intent are made before either is stored.

use std::sync::atomic::{AtomicUsize, Ordering};

use adapters::sqlite::SqliteStore;
use async_trait::async_trait;
use common::time::Timestamp;
use ports::store::{Collection, Commit, Condition, OutboxEntry, OutboxKey, Query, Record, RecordStore, StoreError};
use tokio::sync::Barrier;

pub(crate) struct MeetingStore {
    store: SqliteStore,
    meeting: Barrier,
    /// How many of the next commits wait for another one.
    waiting: AtomicUsize,
}

impl MeetingStore {
    pub(crate) fn new() -> Self {
        let store = SqliteStore::in_memory().expect("opens");
        Self { store, meeting: Barrier::new(2), waiting: AtomicUsize::new(0) }
    }

    /// The next two commits of intents wait for each other.
    pub(crate) fn let_two_meet(&self) {
        self.waiting.store(2, Ordering::SeqCst);
    }

    fn takes_part(&self, commit: &Commit) -> bool {
        let one_less = |waiting: usize| waiting.checked_sub(1);
        commit.collection.name == "stripe_intents"
            && self.waiting.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok()
    }
}

#[async_trait]
impl RecordStore for MeetingStore {
    async fn prepare(&self, collections: &[&'static Collection]) -> Result<(), StoreError> {
        self.store.prepare(collections).await
    }

    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        if self.takes_part(&commit) {
            self.meeting.wait().await;
        }
        self.store.commit(commit).await
    }

    async fn get(&self, collection: &'static Collection, id: &str) -> Result<Option<Record>, StoreError> {
        self.store.get(collection, id).await
    }

    async fn find(&self, collection: &'static Collection, query: &Query) -> Result<Vec<Record>, StoreError> {
        self.store.find(collection, query).await
    }

    async fn purge(&self, collection: &'static Collection, conditions: &[Condition]) -> Result<u64, StoreError> {
        self.store.purge(collection, conditions).await
    }

    async fn unpublished(
        &self,
        collection: &'static Collection,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        self.store.unpublished(collection, before, limit).await
    }

    async fn mark_published(&self, collection: &'static Collection, events: &[OutboxKey]) -> Result<(), StoreError> {
        self.store.mark_published(collection, events).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.store.ping().await
    }
}
