//! The deliveries in progress. They are reported to the server again and again, or it would take
//! their receiver for dead after the consumer's `ack_wait` and deliver them to another.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use async_nats::connection::State;
use async_nats::jetstream::AckKind;
use async_nats::{Client, Subject};
use futures::FutureExt;
use tokio::task::unconstrained;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// How often a delivery is reported within its `ack_wait`.
const REPORTS: u32 = 4;

/// All deliveries of one member of a consumer. One task reports all of them, and only those older
/// than `pause`: most are acknowledged long before.
pub(super) struct InProgress {
    pause: Duration,
    entries: Mutex<Entries>,
}

/// Oldest first.
#[derive(Default)]
struct Entries {
    newest: u64,
    since: BTreeMap<u64, (Instant, Subject)>,
}

/// One of them, which is reported until this is released or dropped.
pub(super) struct Tracked {
    in_progress: Arc<InProgress>,
    number: u64,
}

impl InProgress {
    /// Reports its deliveries until it and they are gone.
    pub(super) fn start(client: Client, ack_wait: Duration) -> Arc<Self> {
        let in_progress = Arc::new(Self { pause: ack_wait / REPORTS, entries: Mutex::default() });
        tokio::spawn(keep_reporting(Arc::downgrade(&in_progress), in_progress.pause, client));
        in_progress
    }

    /// Begins to report the delivery that is acknowledged at `reply`.
    pub(super) fn track(self: &Arc<Self>, reply: Subject) -> Tracked {
        let mut entries = self.entries();
        entries.newest += 1;
        let number = entries.newest;
        entries.since.insert(number, (Instant::now(), reply));
        Tracked { in_progress: self.clone(), number }
    }

    /// The lock is held while messages are given to the connection, so that none follows the
    /// acknowledgement of its delivery: it would undo the delay of a retry.
    fn report(&self, client: &Client) {
        // A report that waits for a lost connection is out of date when there is a new one.
        if client.connection_state() != State::Connected {
            return;
        }
        let entries = self.entries();
        let now = Instant::now();
        let old = entries.since.values().take_while(|(since, _)| now.duration_since(*since) >= self.pause);
        for (_, reply) in old {
            // Never waits: if the connection has no room now, the next tick is soon enough.
            let sent = unconstrained(client.publish(reply.clone(), AckKind::Progress.into())).now_or_never();
            if !matches!(sent, Some(Ok(()))) {
                tracing::debug!("the connection to NATS has no room for progress reports");
                return;
            }
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn keep_reporting(in_progress: Weak<InProgress>, pause: Duration, client: Client) {
    let mut ticks = interval(pause);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(in_progress) = in_progress.upgrade() else { return };
        in_progress.report(&client);
    }
}

impl Tracked {
    /// Ends the reports about the delivery: it is about to be acknowledged.
    pub(super) fn release(&self) {
        self.in_progress.entries().since.remove(&self.number);
    }
}

impl Drop for Tracked {
    fn drop(&mut self) {
        self.release();
    }
}
