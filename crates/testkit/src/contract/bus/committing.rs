use std::sync::atomic::{AtomicU64, Ordering};

use adapters::local::LocalBus;
use adapters::sqlite::SqliteStore;
use async_trait::async_trait;
use common::events::Envelope;
use futures::future::join_all;
use ports::bus::{Bus, BusError, BusLayer};
use ports::store::{Collection, Commit, Precondition, Record, RecordStore, Revision, StoreError};
use serde_json::Map;

static RECORDS: Collection = Collection { name: "records", indexes: &[] };

/// A local bus to which all events come by commits of a store in its database, each with a record of its own.
pub(super) struct CommittingBus {
    bus: LocalBus,
    store: SqliteStore,
    records: AtomicU64,
}

impl CommittingBus {
    pub(super) fn new(bus: LocalBus) -> Self {
        let store = bus.store("committing");
        // Records of an earlier process are not known here; their ids are not used again.
        Self { bus, store, records: AtomicU64::new(rand::random::<u32>().into()) }
    }

    async fn commit(&self, event: &Envelope) -> Result<(), BusError> {
        let id = self.records.fetch_add(1, Ordering::Relaxed).to_string();
        let record = Record { id, revision: Revision::FIRST, body: Map::new() };
        let (precondition, events) = (Precondition::DoesNotExist, vec![event.clone()]);
        match self.store.commit(Commit { collection: &RECORDS, record, precondition, events }).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.reason(event, &error).await),
        }
    }

    /// A store only says that it is unavailable.
    async fn reason(&self, event: &Envelope, error: &StoreError) -> BusError {
        let watch = self.bus.watch(event.stream(), &[], false).await;
        watch.err().unwrap_or_else(|| BusError::Unavailable(error.to_string()))
    }
}

#[async_trait]
impl BusLayer for CommittingBus {
    fn inner(&self) -> &dyn Bus {
        &self.bus
    }

    async fn publish(&self, batch: &[Envelope]) -> Vec<Result<(), BusError>> {
        self.store.prepare(&[&RECORDS]).await.expect("prepares");
        join_all(batch.iter().map(|event| self.commit(event))).await
    }
}
