use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Outgoing;
use super::clearing::{self, Cleaner, Published};
use crate::crash_point::{CrashPoint, crash_point};
use crate::trace::{KeyValue, Span, SpanKind};
use common::events::Envelope;
use common::time::Timestamp;
use ports::batches::{Batches, Linger};
use ports::bus::{Bus, BusError};
use ports::clock::Clock;
use ports::store::{Collection, PublishedEvent, RecordStore, StoreError};

/// How many events are published at once.
pub(super) const BATCH: usize = 256;
/// How long a batch waits for more while they come in numbers: each costs the bus a sync of its disk,
/// however many events are in it.
pub(super) const LINGER: Linger = Linger::WhileBusy(Duration::from_millis(1));
/// How often the outbox is scanned for events left behind.
const SCAN_EVERY: Duration = Duration::from_secs(2);
/// Only events older than this are picked up by the scan: younger ones are on their way.
const SCAN_AGE: Duration = Duration::from_secs(5);
/// How soon what failed is tried again; doubled each time, up to [`SCAN_EVERY`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The background task behind a [`Relay`](super::Relay).
pub struct RelayTask {
    pub(super) records: Arc<dyn RecordStore>,
    pub(super) bus: Arc<dyn Bus>,
    pub(super) clock: Clock,
    pub(super) collections: &'static [&'static Collection],
    pub(super) outgoing: Batches<Outgoing>,
    pub(super) in_flight: Arc<AtomicUsize>,
    pub(super) sweep_requested: Arc<Notify>,
    /// When to try again what failed.
    pub(super) again: Option<Again>,
}

/// A moment at which what failed is tried again, and the pauses after it.
pub(super) struct Again {
    at: Instant,
    pauses: ExponentialBackoff,
}

impl Again {
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
    /// Publishes until `shutdown`, then what is still in its hands.
    pub async fn run(self, shutdown: CancellationToken) {
        let cleaner = self.cleaner();
        let (published, to_clear) = clearing::queue();
        tokio::join!(self.keep_publishing(published, shutdown), cleaner.keep_clearing(to_clear));
    }

    async fn keep_publishing(mut self, published: UnboundedSender<Published>, shutdown: CancellationToken) {
        // What an earlier process left behind goes out first: its events are the older ones.
        self.again = Some(Again::soon());
        let mut scan = tokio::time::interval_at(Instant::now() + SCAN_EVERY, SCAN_EVERY);
        scan.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let again = self.again.as_ref().map(|again| again.at);
            tokio::select! {
                biased;
                () = until(again) => self.try_again().await,
                _ = scan.tick() => {
                    if !self.sweep(self.clock.now() - SCAN_AGE).await {
                        self.try_again_soon();
                    }
                }
                () = self.sweep_requested.notified() => self.try_again_soon(),
                batch = self.outgoing.next() => match batch {
                    Some(batch) => self.relay(batch, &published).await,
                    None => return,
                },
                () = shutdown.cancelled() => break,
            }
        }
        loop {
            let batch = self.outgoing.take_waiting();
            if batch.is_empty() {
                return;
            }
            self.relay(batch, &published).await;
        }
    }

    async fn relay(&mut self, batch: Vec<Outgoing>, to_clear: &UnboundedSender<Published>) {
        let count = batch.len();
        let published = self.publish(batch).await;
        let failed = count - published.len();
        if failed > 0 {
            self.try_again_soon();
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

    fn try_again_soon(&mut self) {
        self.again.get_or_insert_with(Again::soon);
    }

    /// Sweeps out everything, also what a clock that was set back takes for events of the future.
    async fn try_again(&mut self) {
        let again = self.again.take();
        if !self.sweep(Timestamp::MAX).await {
            self.again = Some(again.map_or_else(Again::soon, Again::later));
        }
    }

    /// Whether nothing failed.
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
            let batch = left
                .into_iter()
                .map(|event| Outgoing { collection, record_id: event.record_id, envelope: event.envelope })
                .collect();
            let published = self.publish(batch).await;
            let cleared = clearing::clear(self.records.as_ref(), published).await;
            if count < BATCH || cleared == 0 {
                return Ok(cleared == count);
            }
        }
    }

    /// Returns those that went out. The rest is to be tried again.
    async fn publish(&self, batch: Vec<Outgoing>) -> Vec<Published> {
        if batch.is_empty() {
            return Vec::new();
        }
        crash_point(CrashPoint::RelayTaken);
        let (envelopes, mut spans): (Vec<_>, Vec<_>) = batch.iter().map(|outgoing| traced(&outgoing.envelope)).unzip();
        let events: Vec<_> = batch.into_iter().map(Published::from).collect();
        let results = self.bus.publish(&envelopes).await;
        for (span, _) in spans.iter_mut().zip(&results).filter(|(_, result)| result.is_err()) {
            span.fail("not published");
        }
        drop(spans);
        let told = |(event, result): (Published, Result<(), BusError>)| match result {
            Ok(()) => Some(event),
            Err(error) => {
                tracing::warn!(event = event.event.event_id, %error, "publishing failed; trying again soon");
                None
            }
        };
        let published = events.into_iter().zip(results).filter_map(told).collect();
        crash_point(CrashPoint::RelayPublished);
        published
    }
}

impl From<Outgoing> for Published {
    fn from(Outgoing { collection, record_id, envelope }: Outgoing) -> Self {
        Self { collection, event: PublishedEvent { record_id, event_id: envelope.id } }
    }
}

/// Returns at the moment, if there is one.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// The event as it goes out, and the span of that: consumers' work is a part of it.
fn traced(envelope: &Envelope) -> (Envelope, Span) {
    let about = || {
        let attributes = vec![
            KeyValue::new("messaging.operation.type", "send"),
            KeyValue::new("messaging.destination.name", envelope.stream().to_owned()),
            KeyValue::new("messaging.message.id", envelope.id.clone()),
        ];
        (format!("publish {}", envelope.kind), attributes)
    };
    let span = Span::begin(&envelope.source, SpanKind::Producer, envelope.traceparent.as_deref(), about);
    (Envelope { traceparent: span.traceparent(), ..envelope.clone() }, span)
}
