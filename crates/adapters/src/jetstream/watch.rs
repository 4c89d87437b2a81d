use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use async_trait::async_trait;
use ports::bus::{BusError, Watch, Watched};

use super::bus::Shared;
use super::error::{of_stream, unavailable};
use super::headers::envelope_of;
use super::pull::Pull;

/// How many messages are asked for at once. A watcher may begin with all that a stream holds, which should not take a
/// question to the server for every few of them.
const BATCH: usize = 2048;
/// How long the server keeps the consumer of a watcher that is gone.
const KEPT: Duration = Duration::from_secs(60);
/// How long we wait for messages that were there at the beginning before we look again whether they
/// still are: they may have become too old meanwhile.
const STALLED: Duration = Duration::from_secs(2);

/// A watcher of a stream. async-nats has an ordered consumer for this, but after an interruption it
/// begins at the start of the stream if it has not seen a message yet.
pub(super) struct JetStreamWatch {
    bus: Arc<Shared>,
    stream: String,
    subjects: Vec<String>,
    /// The last message seen, or where the stream ended when the watch began.
    position: u64,
    pull: Option<Pull>,
    /// How many messages came since the pull began.
    received: u64,
    /// How many of them were there when it began, until all of them are seen.
    before: Option<u64>,
}

impl JetStreamWatch {
    pub(super) async fn begin(
        bus: Arc<Shared>,
        stream: &str,
        types: &[&str],
        from_start: bool,
    ) -> Result<Self, BusError> {
        let info = bus.context.get_stream(bus.names.stream(stream)).await;
        let last = info.map_err(|error| of_stream(stream, &error))?.cached_info().state.last_sequence;
        let subjects = types.iter().map(|kind| bus.names.subject(kind)).collect();
        let position = if from_start { 0 } else { last };
        let stream = stream.to_owned();
        let mut watch = Self { bus, stream, subjects, position, pull: None, received: 0, before: Some(0) };
        let waiting = watch.resume().await?.waiting;
        // A watcher that begins now has seen all that was there.
        watch.before = Some(if from_start { waiting } else { 0 });
        Ok(watch)
    }

    /// Continues after the last message seen.
    async fn resume(&mut self) -> Result<&mut Pull, BusError> {
        let config = pull::Config {
            name: Some(format!("watch-{}", self.bus.unique())),
            deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: self.position + 1 },
            ack_policy: AckPolicy::None,
            filter_subjects: self.subjects.clone(),
            inactive_threshold: KEPT,
            memory_storage: true,
            num_replicas: 1,
            ..pull::Config::default()
        };
        let pull = Pull::begin(&self.bus, &self.stream, config, BATCH).await?;
        self.received = 0;
        self.before = self.before.map(|_| pull.waiting);
        Ok(self.pull.insert(pull))
    }

    fn is_caught_up(&mut self) -> bool {
        let is_caught_up = self.pull.is_some() && self.before.is_some_and(|before| self.received >= before);
        if is_caught_up {
            self.before = None;
        }
        is_caught_up
    }
}

#[async_trait]
impl Watch for JetStreamWatch {
    async fn next(&mut self) -> Result<Watched, BusError> {
        loop {
            if self.pull.is_none() {
                self.resume().await?;
            }
            if self.is_caught_up() {
                return Ok(Watched::CaughtUp);
            }
            let limit = if self.before.is_some() { STALLED } else { Duration::MAX };
            let Some(pull) = &mut self.pull else { continue };
            let Ok(next) = tokio::time::timeout(limit, pull.next()).await else {
                self.pull = None;
                continue;
            };
            let Some(message) = next else {
                self.pull = None;
                return Err(unavailable("watching was interrupted"));
            };
            let info = message.info().map_err(unavailable)?;
            let (sequence, is_next) = (info.stream_sequence, info.consumer_sequence == self.received + 1);
            if !is_next {
                // A message was sent to us and was lost with a connection.
                self.pull = None;
                continue;
            }
            self.received += 1;
            self.position = sequence;
            match envelope_of(&message, self.bus.names.kind(&message.subject)) {
                // A replay is for one consumer only; all others have seen the event before.
                Ok(envelope) if envelope.replay_for.is_some() => {}
                Ok(envelope) => return Ok(Watched::Event(Arc::new(envelope))),
                Err(error) => tracing::error!(stream = self.stream, sequence, error, "unreadable message"),
            }
        }
    }
}
