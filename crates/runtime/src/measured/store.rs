use std::sync::Arc;

use async_trait::async_trait;
use metrics::Counter;
use ports::store::{Collection, Commit, Precondition, Query, Record, RecordStore, StoreError, StoreLayer};

use super::bus::count_published;

/// A service's store that counts what it is asked for, whether it can do that or not.
pub(crate) struct MeasuredStore {
    inner: Arc<dyn RecordStore>,
    inserts: Counter,
    changes: Counter,
    reads: Counter,
    queries: Counter,
}

impl MeasuredStore {
    pub(crate) fn new(service: &'static str, inner: Arc<dyn RecordStore>) -> Self {
        let counter = |kind| metrics::counter!("store_operations_total", "service" => service, "kind" => kind);
        let (inserts, changes) = (counter("insert"), counter("change"));
        Self { inner, inserts, changes, reads: counter("read"), queries: counter("query") }
    }
}

#[async_trait]
impl StoreLayer for MeasuredStore {
    fn inner(&self) -> &dyn RecordStore {
        &*self.inner
    }

    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        match commit.precondition {
            Precondition::DoesNotExist => self.inserts.increment(1),
            Precondition::MatchesRevision(_) => self.changes.increment(1),
        }
        if self.inner.publishes() {
            count_published(&commit.events);
        }
        self.inner.commit(commit).await
    }

    async fn get(&self, collection: &'static Collection, id: &str) -> Result<Option<Record>, StoreError> {
        self.reads.increment(1);
        self.inner.get(collection, id).await
    }

    async fn find(&self, collection: &'static Collection, query: &Query) -> Result<Vec<Record>, StoreError> {
        self.queries.increment(1);
        self.inner.find(collection, query).await
    }
}
