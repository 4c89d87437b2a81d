use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_nats::ToServerAddrs;
use async_nats::jetstream::consumer::Info;
use async_nats::jetstream::context::{CreateStreamError, CreateStreamErrorKind};
use async_nats::jetstream::stream::{self, StorageType};
use async_nats::jetstream::{Context, ErrorCode, context};
use async_trait::async_trait;
use common::events::Envelope;
use futures::TryStreamExt;
use ports::bus::{Backlog, Bus, BusError, Consumer, DeadLetter, Deliveries, Stream, Watch};
use ports::clock::Clock;
use tokio::sync::watch;

use super::compact;
use super::connect::{Connection, connect};
use super::deliveries::JetStreamDeliveries;
use super::error::{of_request, of_stream, unavailable};
use super::names::Names;
use super::watch::JetStreamWatch;

/// How long a stream remembers the ids it has kept. The port promises an hour.
const DUPLICATE_WINDOW: Duration = Duration::from_secs(60 * 60);

/// A bus on a NATS server with JetStream.
///
/// What it acknowledges survives power loss only if the server syncs before it acknowledges:
/// `jetstream { sync_interval: always }`.
pub struct JetStreamBus(Arc<Shared>);

/// What all users of the bus share.
pub(super) struct Shared {
    pub(super) context: Context,
    pub(super) renewed: watch::Receiver<u64>,
    pub(super) names: Names,
    pub(super) clock: Clock,
    /// How many servers of a cluster keep each stream.
    pub(super) replicas: usize,
    /// Streams that take atomic batches, of those that were declared here.
    batched: Mutex<HashSet<&'static str>>,
    /// Streams that superseded messages are removed from here.
    compacted: Mutex<HashSet<&'static str>>,
}

impl JetStreamBus {
    /// Checks that the text is the address of a NATS server at all: no waiting will change that.
    ///
    /// # Errors
    /// With what is wrong about it.
    pub fn check_url(url: &str) -> Result<(), String> {
        let mut addresses = url.to_server_addrs().map_err(|error| error.to_string())?;
        if addresses.any(|address| address.host().is_empty()) { Err("it names no host".to_owned()) } else { Ok(()) }
    }

    /// Connects to the server at `url`; several systems share one if each has a `namespace` of
    /// letters and digits. A connection that is lost later is made again.
    ///
    /// # Errors
    /// [`BusError::Unavailable`] if the server cannot be reached within a few seconds, or has no
    /// JetStream. The caller may try again.
    pub async fn connect(url: &str, namespace: Option<&str>) -> Result<Self, BusError> {
        Self::connect_replicated(url, namespace, 1).await
    }

    /// The same, to a cluster that keeps each stream on `replicas` of its servers.
    ///
    /// # Errors
    /// As [`JetStreamBus::connect`].
    pub async fn connect_replicated(url: &str, namespace: Option<&str>, replicas: usize) -> Result<Self, BusError> {
        let Connection { context, renewed } = connect(url).await?;
        let (names, clock) = (Names::new(namespace), Clock::system());
        let (batched, compacted) = (Mutex::default(), Mutex::default());
        let bus = Self(Arc::new(Shared { context, renewed, names, clock, replicas, batched, compacted }));
        bus.ping().await?;
        Ok(bus)
    }
}

impl JetStreamBus {
    /// Begins to remove what is superseded in the stream, if it does not keep that.
    fn keep_compacting(&self, stream: &Stream) {
        let mut compacted = self.0.compacted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keep) = stream.keep_superseded
            && compacted.insert(stream.name)
        {
            tokio::spawn(compact::keep_compacting(Arc::downgrade(&self.0), stream.name, keep));
        }
    }
}

impl Shared {
    /// Whether the server has agreed to atomic batches for this stream.
    pub(super) fn takes_batches(&self, stream: &str) -> bool {
        self.batched().contains(stream)
    }

    fn batched(&self) -> MutexGuard<'_, HashSet<&'static str>> {
        self.batched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Creates the stream, or updates it to this configuration; returns the one it has now. A server
    /// that refuses atomic batches is asked for a stream without.
    async fn create_or_update(&self, config: stream::Config) -> Result<stream::Config, CreateStreamError> {
        let created = match self.context.create_or_update_stream(config.clone()).await {
            Err(error) if matches!(error.kind(), CreateStreamErrorKind::JetStream(_)) => {
                let plain = stream::Config { allow_atomic_publish: false, ..config };
                self.context.create_or_update_stream(plain).await
            }
            created => created,
        };
        created.map(|info| info.config)
    }

    /// A unique name.
    pub(super) fn unique(&self) -> String {
        let inbox = self.context.client().new_inbox();
        inbox.rsplit('.').next().unwrap_or(&inbox).to_owned()
    }

    pub(super) async fn info(&self, consumer: &Consumer) -> Result<Option<Info>, BusError> {
        let subject = format!("CONSUMER.INFO.{}.{}", self.names.stream(consumer.stream), consumer.name);
        let response =
            self.context.request(subject, &serde_json::json!({})).await.map_err(|error| of_request(&error))?;
        match response {
            async_nats::jetstream::response::Response::Ok(info) => Ok(Some(info)),
            async_nats::jetstream::response::Response::Err { error } => match error.error_code() {
                ErrorCode::CONSUMER_NOT_FOUND => Ok(None),
                ErrorCode::STREAM_NOT_FOUND => Err(BusError::NoStream(consumer.stream.to_owned())),
                _ => Err(unavailable(error)),
            },
        }
    }

    /// How many messages there are for a consumer that has no member yet.
    async fn count(&self, consumer: &Consumer) -> Result<u64, BusError> {
        let stream = self.context.get_stream(self.names.stream(consumer.stream)).await;
        let stream = stream.map_err(|error| of_stream(consumer.stream, &error))?;
        let mut total = 0;
        for kind in &consumer.types {
            let subjects = stream.info_with_subjects(self.names.subject(kind)).await.map_err(unavailable)?;
            let counts: Vec<(String, usize)> = subjects.try_collect().await.map_err(unavailable)?;
            total += counts.into_iter().map(|(_, count)| count as u64).sum::<u64>();
        }
        Ok(total)
    }
}

#[async_trait]
impl Bus for JetStreamBus {
    async fn declare(&self, stream: &Stream) -> Result<(), BusError> {
        let max_age = stream.max_age.unwrap_or_default();
        let config = stream::Config {
            name: self.0.names.stream(stream.name),
            subjects: vec![self.0.names.subject(&format!("{}.>", stream.name))],
            storage: StorageType::File,
            num_replicas: self.0.replicas,
            max_age,
            // The server refuses a window longer than the age.
            duplicate_window: if max_age.is_zero() { DUPLICATE_WINDOW } else { DUPLICATE_WINDOW.min(max_age) },
            // Where several servers keep a stream, its log is synced once for all messages that came
            // together anyway, and batches gain nothing. Servers before 2.12 do not know this field, and
            // leave it out of the configuration they return.
            allow_atomic_publish: self.0.replicas == 1,
            ..stream::Config::default()
        };
        let created = self.0.create_or_update(config).await.map_err(unavailable)?;
        if created.allow_atomic_publish {
            self.0.batched().insert(stream.name);
        } else {
            self.0.batched().remove(stream.name);
        }
        self.keep_compacting(stream);
        self.0.declare_dead_letters().await
    }

    async fn publish(&self, batch: &[Envelope]) -> Vec<Result<(), BusError>> {
        self.0.publish(batch).await
    }

    async fn consume(&self, consumer: &Consumer) -> Result<Box<dyn Deliveries>, BusError> {
        let deliveries = JetStreamDeliveries::join(self.0.clone(), consumer.clone()).await?;
        self.0.declare_dead_letters().await?;
        Ok(Box::new(deliveries))
    }

    async fn watch(&self, stream: &str, types: &[&str], from_start: bool) -> Result<Box<dyn Watch>, BusError> {
        Ok(Box::new(JetStreamWatch::begin(self.0.clone(), stream, types, from_start).await?))
    }

    async fn backlog(&self, consumer: &Consumer) -> Result<Backlog, BusError> {
        match self.0.info(consumer).await? {
            Some(info) => Ok(Backlog { pending: info.num_pending, unacknowledged: info.num_ack_pending as u64 }),
            None => Ok(Backlog { pending: self.0.count(consumer).await?, unacknowledged: 0 }),
        }
    }

    async fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>, BusError> {
        self.0.dead_letters(after, limit).await
    }

    async fn replay(&self, number: u64) -> Result<(), BusError> {
        self.0.replay(number).await
    }

    async fn ping(&self) -> Result<(), BusError> {
        let account: Result<_, context::AccountError> = self.0.context.query_account().await;
        account.map(|_| ()).map_err(unavailable)
    }
}
