use std::time::Duration;

use async_nats::jetstream::consumer::{PullConsumer, pull};
use async_nats::jetstream::{AckKind, Message};
use futures::{FutureExt, StreamExt};
use ports::bus::BusError;
use tokio::sync::watch;

use super::bus::Shared;
use super::error;

/// How many messages are asked for at once, unless the receiver has a reason for another number. They are asked for when
/// half of those before are still to come.
pub(super) const BATCH: usize = 256;
/// How long the server holds a request for messages.
const EXPIRES: Duration = Duration::from_secs(30);
/// How often the server sends a heartbeat; after two misses the request is repeated.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// How soon messages that were received and not taken are delivered again: soon after this process
/// has stopped taking them.
const GIVE_BACK_DELAY: Duration = Duration::from_millis(500);

/// Messages flowing from a consumer on the server.
pub(super) struct Pull {
    /// How many messages were waiting when it began.
    pub(super) waiting: u64,
    messages: pull::Stream,
    renewed: watch::Receiver<u64>,
}

impl Pull {
    /// Makes or updates the consumer and begins to pull, `batch` messages at a time.
    pub(super) async fn begin(
        bus: &Shared,
        stream: &str,
        config: pull::Config,
        batch: usize,
    ) -> Result<Self, BusError> {
        let mut renewed = bus.renewed.clone();
        renewed.mark_unchanged();
        let consumer: PullConsumer = bus
            .context
            .create_consumer_on_stream(config, bus.names.stream(stream))
            .await
            .map_err(|error| error::of_consumer(stream, &error))?;
        let messages = consumer
            .stream()
            .max_messages_per_batch(batch)
            .expires(EXPIRES)
            .heartbeat(HEARTBEAT)
            .messages()
            .await
            .map_err(error::unavailable)?;
        Ok(Self { waiting: consumer.cached_info().num_pending, messages, renewed })
    }

    /// The next message, or `None` if a new pull has to be begun: the connection was lost, the
    /// server refused the request, the consumer is gone.
    pub(super) async fn next(&mut self) -> Option<Message> {
        // First what has been received: it counts as delivered.
        let next = tokio::select! {
            biased;
            next = self.messages.next() => next?,
            // A server that was restarted knows nothing of our request.
            _ = self.renewed.changed() => return None,
        };
        next.inspect_err(|error| tracing::debug!(%error, "pulling messages was interrupted")).ok()
    }

    /// Gives back what has been received and not taken, so that others need not wait for it.
    pub(super) async fn give_back(mut self) {
        while let Some(Some(Ok(message))) = self.messages.next().now_or_never() {
            if let Err(error) = message.ack_with(AckKind::Nak(Some(GIVE_BACK_DELAY))).await {
                // It is delivered again after its `ack_wait`, then.
                tracing::debug!(%error, "a message could not be given back");
            }
        }
    }
}
