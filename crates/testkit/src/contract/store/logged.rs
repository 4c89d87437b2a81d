use adapters::database::Database;
use adapters::local::LocalBus;
use adapters::sqlite::SqliteStore;
use async_trait::async_trait;
use common::events::{Event, ExpirationCompleted, stream_of};
use common::time::Timestamp;
use ports::bus::{Bus, Stream, Watched};
use ports::clock::Clock;
use ports::store::{Collection, OutboxEntry, RecordStore, StoreError, StoreLayer};

use super::sample::CHANGED;

/// The types of the rules' events.
const TYPES: [&str; 2] = [CHANGED, ExpirationCompleted::TYPE];

/// A store in one database with the bus. Where a rule looks for the events of commits, in the outbox, it shows those
/// in the bus's log.
pub struct LoggedStore {
    bus: LocalBus,
    store: SqliteStore,
}

impl LoggedStore {
    pub(super) async fn open(database: &Database) -> Self {
        let bus = LocalBus::on(database, Clock::system()).expect("opens");
        for event in TYPES {
            bus.declare(&Stream::new(stream_of(event))).await.expect("declares");
        }
        Self { store: bus.store("items"), bus }
    }

    async fn log(&self) -> Vec<OutboxEntry> {
        let mut entries = Vec::new();
        for event in TYPES {
            let mut watch = self.bus.watch(stream_of(event), &[event], true).await.expect("watches");
            while let Watched::Event(envelope) = watch.next().await.expect("watches") {
                entries.push(OutboxEntry { record_id: envelope.subject.clone(), envelope: (*envelope).clone() });
            }
        }
        entries
    }
}

#[async_trait]
impl StoreLayer for LoggedStore {
    fn inner(&self) -> &dyn RecordStore {
        &self.store
    }

    async fn unpublished(
        &self,
        collection: &'static Collection,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        let left = self.store.unpublished(collection, before, limit).await?;
        assert_eq!(left, [], "there is an outbox");
        Ok(self.log().await)
    }
}
