use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Pending;
use super::clearing::{self, Cleaner};
use super::traced::traced;
use crate::crash_point::{CrashPoint, crash_point};
use common::time::Timestamp;
use ports::batches::{Batches, Linger};
use ports::bus::{Bus, BusError};
use ports::clock::Clock;
use ports::store::{Collection, RecordStore, StoreError};

/// How many events are published at once.
pub(super) const BATCH: usize = 256;
/// How long a batch waits for more while events are frequent: each batch costs the bus a sync of its
/// disk, however many events are in it.
pub(super) const LINGER: Linger = Linger::WhileBusy(Duration::from_millis(1));
/// How often the outbox is scanned for events left behind.
const SCAN_EVERY: Duration = Duration::from_secs(2);
/// Only events older than this are picked up by the scan: younger ones are being published.
const SCAN_AGE: Duration = Duration::from_secs(5);
/// How soon what failed is tried again; doubled each time, up to [`SCAN_EVERY`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The background task behind a [`Relay`](super::Relay).
pub struct RelayTask {
    pub(super) records: Arc<dyn RecordStore>,
    pub(super) bus: Arc<dyn Bus>,
    pub(super) clock: Clock,
    pub(super) collections: &'static [&'static Collection],
    pub(super) pending: Batches<Pending>,
    pub(super) in_flight: Arc<AtomicUsize>,
    pub(super) sweep_requested: Arc<Notify>,
    /// When to retry what failed.
    pub(super) retry: Option<Retry>,
}

/// The moment at which what failed is retried, and the pauses after it.
pub(super) struct Retry {
    at: Instant,
    pauses: ExponentialBackoff,
}

impl Retry {
    fn soon() -> Self {
        let pauses = ExponentialBuilder::new().with_min_delay(FIRST_PAUSE).with_max_delay(SCAN_EVERY);
        Self { at: Instant::now(), pauses: pauses.without_max_times().build() }.later()
    }

    fn later(mut self) -> Self {
        let pause = self.pauses.next().unwrap_or(SCAN_EVERY);
        Self { at: Instant::now() + pause, ..self }
    }
}

impl RelayTask {
    /// Publishes until `shutdown`, then what it still has.
    pub async fn run(self, shutdown: CancellationToken) {
        let cleaner = self.cleaner();
        let (published, to_clear) = clearing::queue();
        tokio::join!(self.keep_publishing(published, shutdown), cleaner.keep_clearing(to_clear));
    }

    async fn keep_publishing(mut self, published: UnboundedSender<Pending>, shutdown: CancellationToken) {
        // What an earlier process left behind is published first: its events are the older ones.
        self.retry = Some(Retry::soon());
        let mut scan = tokio::time::interval_at(Instant::now() + SCAN_EVERY, SCAN_EVERY);
        scan.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let retry_at = self.retry.as_ref().map(|retry| retry.at);
            tokio::select! {
                biased;
                () = until(retry_at) => self.retry_failed().await,
                _ = scan.tick() => {
                    if !self.sweep(self.clock.now() - SCAN_AGE).await {
                        self.retry_soon();
                    }
                }
                () = self.sweep_requested.notified() => self.retry_soon(),
                batch = self.pending.next() => match batch {
                    Some(batch) => self.relay(batch, &published).await,
                    None => return,
                },
                () = shutdown.cancelled() => break,
            }
        }
        loop {
            let batch = self.pending.take_waiting();
            if batch.is_empty() {
                return;
            }
            self.relay(batch, &published).await;
        }
    }

    async fn relay(&mut self, batch: Vec<Pending>, to_clear: &UnboundedSender<Pending>) {
        let count = batch.len();
        let published = self.publish(batch).await;
        let failed = count - published.len();
        if failed > 0 {
            self.retry_soon();
            self.in_flight.fetch_sub(failed, Ordering::SeqCst);
        }
        for event in published {
            // The cleaner runs as long as this does.
            let _ = to_clear.send(event);
        }
    }

    fn cleaner(&self) -> Cleaner {
        Cleaner {
            records: self.records.clone(),
            in_flight: self.in_flight.clone(),
            sweep_requested: self.sweep_requested.clone(),
        }
    }

    fn retry_soon(&mut self) {
        self.retry.get_or_insert_with(Retry::soon);
    }

    /// Sweeps everything, including what a clock that was set back takes for events of the future.
    async fn retry_failed(&mut self) {
        let retry = self.retry.take();
        if !self.sweep(Timestamp::MAX).await {
            self.retry = Some(retry.map_or_else(Retry::soon, Retry::later));
        }
    }

    /// Publishes and clears what is in the outbox from before this moment. Returns whether nothing
    /// failed.
    async fn sweep(&self, before: Timestamp) -> bool {
        let mut is_done = true;
        for collection in self.collections {
            is_done &= self.sweep_collection(collection, before).await.unwrap_or_else(|error| {
                tracing::warn!(collection = collection.name, %error, "the outbox scan failed");
                false
            });
        }
        is_done
    }

    async fn sweep_collection(&self, collection: &'static Collection, before: Timestamp) -> Result<bool, StoreError> {
        loop {
            let left = self.records.unpublished(collection, before, BATCH).await?;
            let count = left.len();
            let batch = left.into_iter().map(|entry| Pending { collection, entry }).collect();
            let published = self.publish(batch).await;
            let cleared = clearing::clear(self.records.as_ref(), published).await;
            if count < BATCH || cleared == 0 {
                return Ok(cleared == count);
            }
        }
    }

    /// Returns those that were published. The rest is to be tried again.
    async fn publish(&self, batch: Vec<Pending>) -> Vec<Pending> {
        if batch.is_empty() {
            return Vec::new();
        }
        crash_point(CrashPoint::RelayTaken);
        let (envelopes, mut spans): (Vec<_>, Vec<_>) =
            batch.iter().map(|pending| traced(pending.entry.envelope.clone())).unzip();
        let results = self.bus.publish(&envelopes).await;
        for (span, _) in spans.iter_mut().zip(&results).filter(|(_, result)| result.is_err()) {
            span.fail("not published");
        }
        drop(spans);
        let published = |(pending, result): (Pending, Result<(), BusError>)| match result {
            Ok(()) => Some(pending),
            Err(error) => {
                tracing::warn!(event = pending.entry.envelope.id, %error, "publishing failed; trying again soon");
                None
            }
        };
        let published = batch.into_iter().zip(results).filter_map(published).collect();
        crash_point(CrashPoint::RelayPublished);
        published
    }
}

/// Returns at the moment; never, if there is none.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
