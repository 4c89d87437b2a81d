use std::time::Duration;

use async_nats::jetstream::consumer::{PullConsumer, pull};
use async_nats::jetstream::{self, Context};
use common::bus::BusError;
use futures::StreamExt;

use super::error;

/// How many messages are asked for at once.
const BATCH: usize = 256;
/// How long the server holds a request for messages.
const EXPIRES: Duration = Duration::from_secs(30);
/// How often the server says that it is still there; after two misses it is asked anew.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// Messages flowing from a consumer on the server.
pub(super) struct Pull {
    /// How many messages were waiting when it began.
    pub(super) waiting: u64,
    messages: pull::Stream,
}

impl Pull {
    /// Makes or updates the consumer and begins to pull.
    pub(super) async fn begin(
        context: &Context,
        stream: &str,
        shown_stream: &str,
        config: pull::Config,
    ) -> Result<Self, BusError> {
        let consumer: PullConsumer = context
            .create_consumer_on_stream(config, stream)
            .await
            .map_err(|error| error::of_consumer(shown_stream, &error))?;
        let messages = consumer
            .stream()
            .max_messages_per_batch(BATCH)
            .expires(EXPIRES)
            .heartbeat(HEARTBEAT)
            .messages()
            .await
            .map_err(error::unavailable)?;
        Ok(Self { waiting: consumer.cached_info().num_pending, messages })
    }

    /// The next message, or `None` if the pull has to be begun anew: the connection was lost, the
    /// server refused the request, the consumer is gone.
    pub(super) async fn next(&mut self) -> Option<jetstream::Message> {
        match self.messages.next().await? {
            Ok(message) => Some(message),
            Err(error) => {
                tracing::debug!(%error, "pulling messages was interrupted");
                None
            }
        }
    }
}
