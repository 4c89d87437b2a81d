//! The outbox relay: takes events from commits to the bus, where the store does not publish them itself.
//!
//! After a commit the events arrive here in memory, are published in batches and then cleared from
//! their records in bulk, which nothing waits for ([`clearing`]). What fails is tried again soon: an
//! event that waits may be the end of a session, or the expiration of an order. A periodic scan finds
//! what a crash left behind. Losing the relay at any point loses nothing, and the bus and the consumers
//! recognise what it does twice.

mod clearing;
mod task;
mod traced;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Notify, mpsc};

use common::events::Envelope;
use ports::batches::batches;
use ports::bus::Bus;
use ports::clock::Clock;
use ports::store::{Collection, OutboxEntry, RecordStore};

pub use task::RelayTask;
pub(crate) use traced::traced;

/// Gives committed events to the relay task of one service. Cheap to clone.
#[derive(Clone)]
pub struct Relay {
    source: &'static str,
    sender: mpsc::UnboundedSender<Pending>,
    in_flight: Arc<AtomicUsize>,
    sent: Arc<AtomicUsize>,
    sweep_requested: Arc<Notify>,
}

/// Events that a commit publishes.
pub(crate) struct InFlight {
    count: usize,
    in_flight: Arc<AtomicUsize>,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.in_flight.fetch_sub(self.count, Ordering::SeqCst);
    }
}

/// An outbox entry, and the collection of its record.
#[derive(Clone)]
struct Pending {
    collection: &'static Collection,
    entry: OutboxEntry,
}

/// Makes the relay of the service `source`, whose aggregates live in `collections`.
pub fn relay(
    source: &'static str,
    records: Arc<dyn RecordStore>,
    bus: Arc<dyn Bus>,
    clock: Clock,
    collections: &'static [&'static Collection],
) -> (Relay, RelayTask) {
    let (sender, pending) = batches(task::BATCH, task::LINGER);
    let (in_flight, sweep_requested) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let relay = Relay {
        source,
        sender,
        in_flight: in_flight.clone(),
        sent: Arc::default(),
        sweep_requested: sweep_requested.clone(),
    };
    (relay, RelayTask { records, bus, clock, collections, pending, in_flight, sweep_requested, retry: None })
}

impl Relay {
    /// The relay of stores whose aggregates cause no events, or whose commits publish them.
    pub fn unused(source: &'static str) -> Self {
        let (sender, _) = mpsc::unbounded_channel();
        Self { source, sender, in_flight: Arc::default(), sent: Arc::default(), sweep_requested: Arc::default() }
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
            let entry = OutboxEntry { record_id: record_id.clone(), envelope };
            if self.sender.send(Pending { collection, entry }).is_err() {
                self.in_flight.fetch_sub(1, Ordering::SeqCst);
            }
        }
    }

    /// A commit is about to publish so many events itself. They are in progress until the result is dropped.
    pub(crate) fn publishing(&self, count: usize) -> InFlight {
        self.sent.fetch_add(count, Ordering::SeqCst);
        self.in_flight.fetch_add(count, Ordering::SeqCst);
        InFlight { count, in_flight: self.in_flight.clone() }
    }

    /// A commit failed, and may have been written all the same: the outbox has to be searched for its
    /// events.
    pub fn request_sweep(&self) {
        self.sweep_requested.notify_one();
    }

    /// How many events it has been given so far, or told of.
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }

    /// Whether every event it was given has been published and cleared, or left to the scan.
    pub fn is_idle(&self) -> bool {
        self.in_flight.load(Ordering::SeqCst) == 0
    }
}
