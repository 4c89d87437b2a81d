//! The outbox relay: takes events from commits to the bus.
//!
//! After a commit the events come here in memory, are published in batches and then cleared from
//! their records in bulk. What fails is tried again soon: what waits may be the end of a session, or an
//! order's time being over. A periodic scan finds what a crash left behind. Losing the relay at any
//! point loses nothing, and what it does twice the bus and the consumers recognise.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::bus::Bus;
use crate::clock::Clock;
use crate::crash_point::{CrashPoint, crash_point};
use crate::events::Envelope;
use crate::mutant::{self, Mutant};
use crate::store::{Collection, PublishedEvent, RecordStore, StoreError};
use crate::time::Timestamp;
use crate::trace::{KeyValue, Span, SpanKind};

/// How many events are published at once.
const BATCH: usize = 256;
/// How often the outbox is scanned for events left behind.
const SCAN_EVERY: Duration = Duration::from_secs(2);
/// Only events older than this are picked up by the scan: younger ones are on their way.
const SCAN_AGE: Duration = Duration::from_secs(5);
/// How soon what failed is tried again; doubled each time, up to [`SCAN_EVERY`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// Hands committed events to the relay of one service. Cheap to clone.
#[derive(Clone)]
pub struct Relay {
    source: &'static str,
    sender: mpsc::UnboundedSender<Outgoing>,
    in_flight: Arc<AtomicUsize>,
    sent: Arc<AtomicUsize>,
    doubts: Arc<Notify>,
}

struct Outgoing {
    collection: &'static Collection,
    record_id: String,
    envelope: Envelope,
}

/// The background task behind a [`Relay`].
pub struct RelayTask {
    records: Arc<dyn RecordStore>,
    bus: Arc<dyn Bus>,
    clock: Clock,
    collections: &'static [&'static Collection],
    receiver: mpsc::UnboundedReceiver<Outgoing>,
    in_flight: Arc<AtomicUsize>,
    doubts: Arc<Notify>,
    /// When to try again what failed, and the pause before that.
    again: Option<(Instant, Duration)>,
}

/// Makes the relay of the service `source`, whose aggregates live in `collections`.
pub fn relay(
    source: &'static str,
    records: Arc<dyn RecordStore>,
    bus: Arc<dyn Bus>,
    clock: Clock,
    collections: &'static [&'static Collection],
) -> (Relay, RelayTask) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let (in_flight, doubts) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let relay = Relay { source, sender, in_flight: in_flight.clone(), sent: Arc::default(), doubts: doubts.clone() };
    (relay, RelayTask { records, bus, clock, collections, receiver, in_flight, doubts, again: None })
}

impl Relay {
    /// The relay of stores whose aggregates tell no events.
    pub fn unused(source: &'static str) -> Self {
        let (sender, _) = mpsc::unbounded_channel();
        Self { source, sender, in_flight: Arc::default(), sent: Arc::default(), doubts: Arc::default() }
    }

    /// The service whose events these are.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Takes the events of one commit. If the relay is gone, the next start's scan finds them.
    pub fn send(&self, collection: &'static Collection, record_id: String, events: Vec<Envelope>) {
        self.sent.fetch_add(events.len(), Ordering::SeqCst);
        for envelope in events {
            self.in_flight.fetch_add(1, Ordering::SeqCst);
            let outgoing = Outgoing { collection, record_id: record_id.clone(), envelope };
            if self.sender.send(outgoing).is_err() {
                self.in_flight.fetch_sub(1, Ordering::SeqCst);
            }
        }
    }

    /// A commit failed, and may have been written all the same: its events have to be looked for.
    pub fn doubt(&self) {
        self.doubts.notify_one();
    }

    /// How many events have been handed to it so far.
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }

    /// Whether every event handed to it has been published and cleared, or left to the scan.
    pub fn is_idle(&self) -> bool {
        self.in_flight.load(Ordering::SeqCst) == 0
    }
}

impl RelayTask {
    /// Publishes until `shutdown`, then what is still in its hands.
    pub async fn run(mut self, shutdown: CancellationToken) {
        let mut batch = Vec::with_capacity(BATCH);
        // What an earlier process left behind goes out first: its events are the older ones.
        self.again = Some((Instant::now(), FIRST_PAUSE));
        let mut scan = tokio::time::interval_at(Instant::now() + SCAN_EVERY, SCAN_EVERY);
        scan.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let again = self.again;
            tokio::select! {
                biased;
                () = until(again) => self.try_again().await,
                _ = scan.tick() => {
                    if !self.sweep(self.clock.now() - SCAN_AGE).await {
                        self.try_again_soon();
                    }
                }
                () = self.doubts.notified() => self.try_again_soon(),
                count = self.receiver.recv_many(&mut batch, BATCH) => {
                    if count == 0 {
                        return;
                    }
                    self.relay(std::mem::take(&mut batch)).await;
                }
                () = shutdown.cancelled() => break,
            }
        }
        while let Ok(outgoing) = self.receiver.try_recv() {
            batch.push(outgoing);
        }
        if !batch.is_empty() {
            self.relay(batch).await;
        }
    }

    async fn relay(&mut self, batch: Vec<Outgoing>) {
        let count = batch.len();
        if self.publish_and_clear(batch).await < count {
            self.try_again_soon();
        }
        self.in_flight.fetch_sub(count, Ordering::SeqCst);
    }

    fn try_again_soon(&mut self) {
        self.again.get_or_insert((Instant::now() + FIRST_PAUSE, FIRST_PAUSE));
    }

    /// Sweeps out everything, also what a clock that was set back takes for events of the future.
    async fn try_again(&mut self) {
        let pause = self.again.map_or(FIRST_PAUSE, |(_, pause)| (pause * 2).min(SCAN_EVERY));
        let is_done = self.sweep(Timestamp::MAX).await;
        self.again = (!is_done).then(|| (Instant::now() + pause, pause));
    }

    /// Whether nothing failed.
    async fn sweep(&self, before: Timestamp) -> bool {
        if mutant::is_active(Mutant::OutboxNeverScanned) {
            return true;
        }
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
            let cleared = self.publish_and_clear(batch).await;
            if count < BATCH || cleared == 0 {
                return Ok(cleared == count);
            }
        }
    }

    /// Returns how many events went out and were cleared. The rest is to be tried again.
    async fn publish_and_clear(&self, batch: Vec<Outgoing>) -> usize {
        if batch.is_empty() {
            return 0;
        }
        crash_point(CrashPoint::RelayTaken);
        let (envelopes, mut spans): (Vec<_>, Vec<_>) = batch.iter().map(|outgoing| traced(&outgoing.envelope)).unzip();
        if mutant::is_active(Mutant::ClearedBeforePublished) {
            for Outgoing { collection, record_id, envelope } in &batch {
                let event = PublishedEvent { record_id: record_id.clone(), event_id: envelope.id.clone() };
                if self.records.mark_published(collection, &[event]).await.is_err() {
                    return 0;
                }
            }
        }
        let results = self.bus.publish(&envelopes).await;
        for (span, _) in spans.iter_mut().zip(&results).filter(|(_, result)| result.is_err()) {
            span.fail("not published");
        }
        drop(spans);
        let mut published: HashMap<&'static str, (&'static Collection, Vec<PublishedEvent>)> = HashMap::new();
        for (outgoing, result) in batch.into_iter().zip(results) {
            match result {
                Ok(()) => {
                    let event = PublishedEvent { record_id: outgoing.record_id, event_id: outgoing.envelope.id };
                    published
                        .entry(outgoing.collection.name)
                        .or_insert((outgoing.collection, Vec::new()))
                        .1
                        .push(event);
                }
                Err(error) => {
                    tracing::warn!(event = outgoing.envelope.id, %error, "publishing failed; trying again soon")
                }
            }
        }
        crash_point(CrashPoint::RelayPublished);
        let mut cleared = 0;
        for (collection, events) in published.into_values() {
            match self.records.mark_published(collection, &events).await {
                Ok(()) => cleared += events.len(),
                Err(error) => {
                    tracing::warn!(collection = collection.name, %error, "clearing the outbox failed; trying again soon")
                }
            }
        }
        crash_point(CrashPoint::RelayCleared);
        cleared
    }
}

/// Returns at the moment, if there is one.
async fn until(moment: Option<(Instant, Duration)>) {
    match moment {
        Some((moment, _)) => tokio::time::sleep_until(moment).await,
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
