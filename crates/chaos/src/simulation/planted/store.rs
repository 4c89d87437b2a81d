use std::sync::Arc;

use async_trait::async_trait;
use common::time::Timestamp;
use ports::store::{
    Collection, Commit, Conflict, Index, Only, OutboxEntry, Precondition, Query, Record, RecordStore, StoreError,
    StoreLayer,
};
use server::services::ServiceName;

use super::PlantedFault;
use super::memory::Memory;
use crate::services::collection;

/// A database that ignores parts of a commit or a declaration.
pub(super) struct FaultyStore {
    pub(super) inner: Arc<dyn RecordStore>,
    pub(super) fault: PlantedFault,
    pub(super) memory: Memory,
}

impl FaultyStore {
    /// Overwrites whatever is there now.
    async fn overwrite(&self, mut commit: Commit) -> Result<(), StoreError> {
        while matches!(commit.precondition, Precondition::MatchesRevision(_))
            && let Some(present) = self.inner.get(commit.collection, &commit.record.id).await?
        {
            commit.precondition = Precondition::MatchesRevision(present.revision);
            match self.inner.commit(commit.clone()).await {
                Err(StoreError::Conflict(Conflict::Stale)) => {}
                done => return done,
            }
        }
        self.inner.commit(commit).await
    }

    /// The record of an order, with its ticket as it is now.
    async fn brought_up_to_date(&self, order: &mut Record) -> Result<(), StoreError> {
        let known = collection(ServiceName::Orders, "tickets");
        let id = order.field("ticket.id").as_str().unwrap_or_default();
        let (Some(ticket), Some(bought)) = (self.inner.get(known, id).await?, order.body.get_mut("ticket")) else {
            return Ok(());
        };
        for field in ["title", "price", "details"] {
            bought[field] = ticket.field(field).clone();
        }
        Ok(())
    }

    fn follows_ticket(&self, record: &Record) -> bool {
        self.fault == PlantedFault::OrderFollowsTicket && record.field("ticket.title").is_string()
    }
}

/// The collection with ordinary indexes only. It is leaked to be static, which costs a few hundred bytes
/// with each start of a service that has this fault.
fn without_unique_indexes(collection: &Collection) -> &'static Collection {
    let ordinary = |index: &Index| Index {
        name: index.name,
        fields: index.fields,
        unique: false,
        only: index.only.as_ref().map(|only| Only { field: only.field, values: only.values }),
    };
    let indexes: Vec<Index> = collection.indexes.iter().map(ordinary).collect();
    Box::leak(Box::new(Collection { name: collection.name, indexes: indexes.leak() }))
}

#[async_trait]
impl StoreLayer for FaultyStore {
    fn inner(&self) -> &dyn RecordStore {
        &*self.inner
    }

    async fn prepare(&self, collections: &[&'static Collection]) -> Result<(), StoreError> {
        if self.fault != PlantedFault::NoUniqueIndex {
            return self.inner.prepare(collections).await;
        }
        let collections: Vec<_> = collections.iter().map(|collection| without_unique_indexes(collection)).collect();
        self.inner.prepare(&collections).await
    }

    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        match self.fault {
            PlantedFault::OutboxDropped => self.inner.commit(Commit { events: Vec::new(), ..commit }).await,
            PlantedFault::LastWriteWins => self.overwrite(commit).await,
            PlantedFault::WritesRemembered => self.memory.commit(&*self.inner, commit).await,
            _ => self.inner.commit(commit).await,
        }
    }

    async fn get(&self, collection: &'static Collection, id: &str) -> Result<Option<Record>, StoreError> {
        if let Some(remembered) = self.memory.get(collection, id) {
            return Ok(Some(remembered));
        }
        let mut found = self.inner.get(collection, id).await?;
        if let Some(order) = found.as_mut().filter(|record| self.follows_ticket(record)) {
            self.brought_up_to_date(order).await?;
        }
        Ok(found)
    }

    async fn find(&self, collection: &'static Collection, query: &Query) -> Result<Vec<Record>, StoreError> {
        let mut found = self.inner.find(collection, query).await?;
        for order in found.iter_mut().filter(|record| self.follows_ticket(record)) {
            self.brought_up_to_date(order).await?;
        }
        Ok(found)
    }

    async fn unpublished(
        &self,
        collection: &'static Collection,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        match self.fault {
            PlantedFault::OutboxNeverScanned => Ok(Vec::new()),
            _ => self.inner.unpublished(collection, before, limit).await,
        }
    }
}
