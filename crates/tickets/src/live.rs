//! What happens to tickets, told as it happens to everybody who watches this process.

use std::sync::Arc;
use std::time::Duration;

use futures::Stream;
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

use crate::domain::Change;

/// How many changes are held for watchers who fall behind. All share one copy of each, so this
/// bounds the memory whatever their number.
const CAPACITY: usize = 1024;
/// How long somebody new waits for us to hear changes ourselves.
const PATIENCE: Duration = Duration::from_secs(2);

/// Hands changes to all who watch. Clones share the watchers.
#[derive(Clone)]
pub(crate) struct LiveFeed {
    changes: broadcast::Sender<LiveEvent>,
    hears_changes: watch::Sender<bool>,
    end: CancellationToken,
}

/// What a watcher is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LiveEvent {
    /// A ticket has changed.
    Changed {
        /// How.
        change: Change,
        /// The event's id: that of the ticket and its version.
        id: Arc<str>,
        /// The ticket as it is now, in JSON.
        ticket: Arc<str>,
    },
    /// Some changes may have been missed: read the list again.
    Resync,
}

/// Changes cannot be heard of at present.
#[derive(Debug)]
pub(crate) struct Deaf;

impl Default for LiveFeed {
    fn default() -> Self {
        Self {
            changes: broadcast::Sender::new(CAPACITY),
            hears_changes: watch::Sender::new(false),
            end: CancellationToken::new(),
        }
    }
}

impl LiveFeed {
    /// Everything from now on until the end of the service. A watcher who falls behind is told
    /// to read the list again, and goes on from there.
    ///
    /// # Errors
    /// If changes cannot be heard of, and that does not pass soon.
    pub(crate) async fn watch(&self) -> Result<impl Stream<Item = LiveEvent> + use<>, Deaf> {
        let mut hears_changes = self.hears_changes.subscribe();
        let is_open = tokio::time::timeout(PATIENCE, hears_changes.wait_for(|hears| *hears)).await;
        is_open.map_err(|_| Deaf)?.map_err(|_| Deaf)?;
        let events = futures::stream::unfold(self.changes.subscribe(), next_event);
        Ok(futures::StreamExt::take_until(events, self.end.clone().cancelled_owned()))
    }

    /// Tells all watchers.
    pub(crate) fn tell(&self, event: LiveEvent) {
        // Fails only if nobody watches.
        let _ = self.changes.send(event);
    }

    /// Whether changes are heard of from now on. Some may have been missed until then.
    pub(crate) fn hears_changes(&self, hears: bool) {
        self.hears_changes.send_replace(hears);
        if hears {
            self.tell(LiveEvent::Resync);
        }
    }

    /// Ends all watching, so that open streams do not hold up the end of the service.
    pub(crate) fn end(&self) {
        self.end.cancel();
    }
}

async fn next_event(
    mut receiver: broadcast::Receiver<LiveEvent>,
) -> Option<(LiveEvent, broadcast::Receiver<LiveEvent>)> {
    match receiver.recv().await {
        Ok(event) => Some((event, receiver)),
        Err(broadcast::error::RecvError::Lagged(_)) => Some((LiveEvent::Resync, receiver.resubscribe())),
        Err(broadcast::error::RecvError::Closed) => None,
    }
}

#[cfg(test)]
mod tests;
