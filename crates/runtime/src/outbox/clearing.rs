//! Clears what has been published from the records' outboxes.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;

use super::Pending;
use crate::crash_point::{CrashPoint, crash_point};
use ports::batches::{Batches, Linger, batches};
use ports::store::{Collection, OutboxKey, RecordStore};

/// How many events are cleared at once at most.
const BATCH: usize = 512;
/// How long the first of them waits for more. Nothing waits for it to be cleared, and each write costs
/// the database far more than each further event in it.
const LINGER: Linger = Linger::Always(Duration::from_millis(25));

/// The queue of what is to be cleared: events that are on the bus, and still in the outbox.
pub(super) fn queue() -> (UnboundedSender<Pending>, Batches<Pending>) {
    batches(BATCH, LINGER)
}

/// Clears events, concurrently with the relay that publishes.
pub(super) struct Cleaner {
    pub(super) records: Arc<dyn RecordStore>,
    pub(super) in_flight: Arc<AtomicUsize>,
    pub(super) sweep_requested: Arc<Notify>,
}

impl Cleaner {
    /// Continues until the relay publishes no more and all is cleared, or left to the scan.
    pub(super) async fn keep_clearing(self, mut published: Batches<Pending>) {
        while let Some(batch) = published.next().await {
            let count = batch.len();
            if clear(self.records.as_ref(), batch).await < count {
                self.sweep_requested.notify_one();
            }
            self.in_flight.fetch_sub(count, Ordering::SeqCst);
        }
    }
}

/// Clears these events; returns how many. The rest is to be tried again.
pub(super) async fn clear(records: &dyn RecordStore, published: Vec<Pending>) -> usize {
    if published.is_empty() {
        return 0;
    }
    let mut by_collection: HashMap<&'static str, (&'static Collection, Vec<OutboxKey>)> = HashMap::new();
    for Pending { collection, entry } in published {
        let key = OutboxKey { record_id: entry.record_id, event_id: entry.envelope.id };
        by_collection.entry(collection.name).or_insert((collection, Vec::new())).1.push(key);
    }
    let mut cleared = 0;
    for (collection, events) in by_collection.into_values() {
        match records.mark_published(collection, &events).await {
            Ok(()) => cleared += events.len(),
            Err(error) => {
                tracing::warn!(collection = collection.name, %error, "clearing the outbox failed; trying again soon");
            }
        }
    }
    crash_point(CrashPoint::RelayCleared);
    cleared
}
