//! What happens to tickets, sent as it happens to all viewers who are connected to this process.

use std::sync::Arc;
use std::time::Duration;

use futures::Stream;
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

use crate::domain::LiveChange;

/// How many changes are held for viewers who fall behind. All share one copy of each, so this
/// bounds the memory whatever their number.
const CAPACITY: usize = 1024;
/// How long a new viewer waits until we receive changes ourselves.
const OPEN_TIMEOUT: Duration = Duration::from_secs(2);

/// Sends changes to all viewers. Clones share the viewers.
#[derive(Clone)]
pub(crate) struct LiveFeed {
    changes: broadcast::Sender<LiveEvent>,
    is_receiving: watch::Sender<bool>,
    closed: CancellationToken,
}

/// What a viewer is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LiveEvent {
    /// A ticket has changed.
    Changed {
        /// How.
        change: LiveChange,
        /// The event's id: that of the ticket and its version.
        id: Arc<str>,
        /// The ticket as it is now, in JSON.
        ticket: Arc<str>,
    },
    /// Some changes may have been missed: read the list again.
    Resync,
}

/// Changes are not received at present.
#[derive(Debug, thiserror::Error)]
#[error("changes of tickets are not received at present")]
pub(crate) struct NoLiveChanges;

impl Default for LiveFeed {
    fn default() -> Self {
        Self {
            changes: broadcast::Sender::new(CAPACITY),
            is_receiving: watch::Sender::new(false),
            closed: CancellationToken::new(),
        }
    }
}

impl LiveFeed {
    /// All changes from now on until the service stops. A viewer who falls behind is sent a
    /// resync, and then the changes from there on.
    ///
    /// # Errors
    /// If changes are not received, and that does not pass soon.
    pub(crate) async fn watch(&self) -> Result<impl Stream<Item = LiveEvent> + use<>, NoLiveChanges> {
        let mut is_receiving = self.is_receiving.subscribe();
        let opened = tokio::time::timeout(OPEN_TIMEOUT, is_receiving.wait_for(|receiving| *receiving)).await;
        opened.map_err(|_| NoLiveChanges)?.map_err(|_| NoLiveChanges)?;
        let events = futures::stream::unfold(self.changes.subscribe(), next_event);
        Ok(futures::StreamExt::take_until(events, self.closed.clone().cancelled_owned()))
    }

    /// Sends an event to all viewers.
    pub(crate) fn send(&self, event: LiveEvent) {
        // Fails only if there are no viewers.
        let _ = self.changes.send(event);
    }

    /// Whether changes are received from now on. Some may have been missed until then.
    pub(crate) fn set_receiving(&self, is_receiving: bool) {
        self.is_receiving.send_replace(is_receiving);
        if is_receiving {
            self.send(LiveEvent::Resync);
        }
    }

    /// Ends all streams, so that open ones do not keep the service from stopping.
    pub(crate) fn close(&self) {
        self.closed.cancel();
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
