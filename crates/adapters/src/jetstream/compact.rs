//! Removes what is superseded, see [`crate::superseded`].

use std::sync::Weak;
use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use async_nats::jetstream::response::Response;
use async_nats::jetstream::stream::DeleteStatus;
use common::events::whole_states;
use common::time::Timestamp;
use futures::TryStreamExt;
use ports::bus::BusError;
use serde_json::json;

use super::bus::Shared;
use super::error::{of_request, of_stream, unavailable};
use super::headers::id_of;
use super::pull::{BATCH, Pull};
use crate::superseded::{PAUSE, Pass, ROUND, first_pause, pause};

/// How long the server keeps the consumer of a pass that was given up.
const KEPT: Duration = Duration::from_secs(60);
/// How long to wait for a message that was there when the pass began: another replica may have removed it.
const STALLED: Duration = Duration::from_secs(2);
/// The pause after each message that is removed.
const BREATH: Duration = Duration::from_millis(2);

/// Does so as long as the bus lives. Several replicas may: what is removed twice is gone as well.
pub(super) async fn keep_compacting(bus: Weak<Shared>, stream: &'static str, keep: Duration) {
    tokio::time::sleep(first_pause(keep)).await;
    while let Some(bus) = bus.upgrade() {
        match compact(&bus, stream, keep).await {
            Ok(removed) => metrics::counter!("events_superseded_total", "stream" => stream).increment(removed),
            Err(error) => tracing::warn!(stream, %error, "removing superseded events was interrupted"),
        }
        drop(bus);
        tokio::time::sleep(pause(keep)).await;
    }
}

/// One pass. Returns how many messages it removed.
async fn compact(bus: &Shared, stream: &str, keep: Duration) -> Result<u64, BusError> {
    let mut reading = Reading::begin(bus, stream, bus.clock.now() - keep).await?;
    let mut removed = 0;
    loop {
        let superseded = reading.round().await?;
        removed += superseded.len() as u64;
        remove(bus, stream, superseded).await?;
        if reading.is_over {
            return Ok(removed);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Reads the part of a stream in which messages may be removed.
struct Reading<'a> {
    bus: &'a Shared,
    pull: Pull,
    pass: Pass,
    /// How many messages are still to come.
    left: u64,
    /// The last message that all durable consumers have finished.
    floor: u64,
    /// What is younger than this stays.
    oldest_kept: Timestamp,
    is_over: bool,
}

impl<'a> Reading<'a> {
    async fn begin(bus: &'a Shared, stream: &str, oldest_kept: Timestamp) -> Result<Self, BusError> {
        let floor = floor(bus, stream).await?;
        let config = pull::Config {
            name: Some(format!("compact-{}", bus.unique())),
            deliver_policy: DeliverPolicy::All,
            ack_policy: AckPolicy::None,
            filter_subjects: whole_states(stream).into_iter().map(|kind| bus.names.subject(kind)).collect(),
            headers_only: true,
            inactive_threshold: KEPT,
            memory_storage: true,
            num_replicas: 1,
            ..pull::Config::default()
        };
        let pull = Pull::begin(bus, stream, config, BATCH).await?;
        let left = pull.waiting;
        Ok(Self { bus, pull, pass: Pass::default(), left, floor, oldest_kept, is_over: left == 0 })
    }

    /// Reads on, and returns what is superseded.
    async fn round(&mut self) -> Result<Vec<u64>, BusError> {
        let mut superseded = Vec::new();
        for _ in 0..ROUND {
            if self.is_over {
                break;
            }
            let Ok(next) = tokio::time::timeout(STALLED, self.pull.next()).await else {
                self.is_over = true;
                break;
            };
            let message = next.ok_or_else(|| unavailable("reading the stream was interrupted"))?;
            let info = message.info().map_err(unavailable)?;
            let published = Timestamp::from_millis(
                info.published.unix_timestamp() * 1000 + i64::from(info.published.millisecond()),
            );
            if info.stream_sequence > self.floor || published > self.oldest_kept {
                self.is_over = true;
                break;
            }
            let kind = self.bus.names.kind(&message.subject);
            superseded.extend(id_of(&message).and_then(|id| self.pass.observe(kind, id, info.stream_sequence)));
            self.left -= 1;
            self.is_over = self.left == 0;
        }
        Ok(superseded)
    }
}

/// The last message of the stream that every durable consumer has finished.
async fn floor(bus: &Shared, stream: &str) -> Result<u64, BusError> {
    let found = bus.context.get_stream(bus.names.stream(stream)).await.map_err(|error| of_stream(stream, &error))?;
    // Before the consumers are asked: one that is idle then has finished all up to here.
    let last = found.cached_info().state.last_sequence;
    let consumers = found.consumers().try_filter(|consumer| std::future::ready(consumer.config.durable_name.is_some()));
    let floor = consumers.try_fold(last, async |floor, consumer| {
        let is_idle = consumer.num_pending == 0 && consumer.num_ack_pending == 0;
        Ok(if is_idle { floor } else { floor.min(consumer.ack_floor.stream_sequence) })
    });
    floor.await.map_err(unavailable)
}

/// Removes them one by one: the server syncs its disk for each, and whoever publishes meanwhile waits for one of them and
/// not for many.
async fn remove(bus: &Shared, stream: &str, sequences: Vec<u64>) -> Result<(), BusError> {
    let subject = format!("STREAM.MSG.DELETE.{}", bus.names.stream(stream));
    for sequence in sequences {
        // An error of the server says that there is no such message any more. What is removed was no secret: it need not
        // be overwritten.
        let request = json!({"seq": sequence, "no_erase": true});
        let removed: Result<Response<DeleteStatus>, _> = bus.context.request(subject.clone(), &request).await;
        removed.map_err(|error| of_request(&error))?;
        tokio::time::sleep(BREATH).await;
    }
    Ok(())
}
