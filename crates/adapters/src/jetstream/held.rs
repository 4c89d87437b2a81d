//! The deliveries in somebody's hands. The server is told of them again and again, or it would take
//! their holder for dead after the consumer's `ack_wait` and deliver them to somebody else.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use async_nats::connection::State;
use async_nats::jetstream::AckKind;
use async_nats::{Client, Subject};
use futures::FutureExt;
use tokio::task::unconstrained;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// How often the server hears of a delivery within its `ack_wait`.
const BEATS: u32 = 4;

/// All deliveries that came from one place at a consumer. One task speaks for all of them, and
/// only for those older than a beat: most are answered long before.
pub(super) struct Held {
    beat: Duration,
    entries: Mutex<Entries>,
}

/// Oldest first.
#[derive(Default)]
struct Entries {
    newest: u64,
    since: BTreeMap<u64, (Instant, Subject)>,
}

/// One of them, until it is released or dropped.
pub(super) struct Hold {
    held: Arc<Held>,
    number: u64,
}

impl Held {
    /// Speaks for its deliveries until it and they are gone.
    pub(super) fn start(client: Client, ack_wait: Duration) -> Arc<Self> {
        let held = Arc::new(Self { beat: ack_wait / BEATS, entries: Mutex::default() });
        tokio::spawn(keep_beating(Arc::downgrade(&held), held.beat, client));
        held
    }

    /// Begins to speak for the delivery that is answered at `reply`.
    pub(super) fn hold(self: &Arc<Self>, reply: Subject) -> Hold {
        let mut entries = self.entries();
        entries.newest += 1;
        let number = entries.newest;
        entries.since.insert(number, (Instant::now(), reply));
        Hold { held: self.clone(), number }
    }

    /// The lock is held while messages are handed to the connection, so that none follows the
    /// answer of its delivery: it would undo the delay of a retry.
    fn speak(&self, client: &Client) {
        // What waits for a lost connection is out of date when there is a new one.
        if client.connection_state() != State::Connected {
            return;
        }
        let entries = self.entries();
        let now = Instant::now();
        let old = entries.since.values().take_while(|(since, _)| now.duration_since(*since) >= self.beat);
        for (_, reply) in old {
            // Never waits: if the connection has no room now, the next beat is soon enough.
            let sent = unconstrained(client.publish(reply.clone(), AckKind::Progress.into())).now_or_never();
            if !matches!(sent, Some(Ok(()))) {
                tracing::debug!("the connection to NATS has no room for signs of life");
                return;
            }
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn keep_beating(held: Weak<Held>, beat: Duration, client: Client) {
    let mut beats = interval(beat);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beats.tick().await;
        let Some(held) = held.upgrade() else { return };
        held.speak(&client);
    }
}

impl Hold {
    /// Is silent about the delivery from now on: it is about to be answered.
    pub(super) fn release(&self) {
        self.held.entries().since.remove(&self.number);
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.release();
    }
}
