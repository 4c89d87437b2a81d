use std::sync::Arc;
use std::time::Duration;

use async_nats::ToServerAddrs;
use async_nats::jetstream::consumer::Info;
use async_nats::jetstream::context::PublishAckFuture;
use async_nats::jetstream::stream::{self, StorageType};
use async_nats::jetstream::{Context, ErrorCode, context};
use async_trait::async_trait;
use common::bus::{Backlog, Bus, BusError, Consumer, DeadLetter, Deliveries, Stream, Watch};
use common::clock::Clock;
use common::events::Envelope;
use futures::TryStreamExt;
use futures::future::join_all;
use tokio::sync::watch;

use super::connect::{Connection, connect};
use super::deliveries::JetStreamDeliveries;
use super::error::{of_publish, of_request, of_stream, unavailable};
use super::headers::message_of;
use super::names::Names;
use super::watch::JetStreamWatch;

/// How long a stream knows the ids it has kept. The port promises an hour.
const DUPLICATE_WINDOW: Duration = Duration::from_secs(60 * 60);

/// How many messages are sent before their acknowledgements are awaited.
const WINDOW: usize = 1024;

/// A bus on a NATS server with JetStream.
///
/// What it acknowledges survives power loss only if the server syncs before it acknowledges:
/// `jetstream { sync_interval: always }`.
pub struct JetStreamBus(Arc<Shared>);

/// What everybody who uses the bus shares.
pub(super) struct Shared {
    pub(super) context: Context,
    pub(super) renewed: watch::Receiver<u64>,
    pub(super) names: Names,
    pub(super) clock: Clock,
    /// How many servers of a cluster keep each stream.
    pub(super) replicas: usize,
}

impl JetStreamBus {
    /// Whether the text is the address of a NATS server at all, which no waiting will change.
    ///
    /// # Errors
    /// With what is wrong about it.
    pub fn check_url(url: &str) -> Result<(), String> {
        let mut addresses = url.to_server_addrs().map_err(|error| error.to_string())?;
        if addresses.any(|address| address.host().is_empty()) { Err("it names no host".to_owned()) } else { Ok(()) }
    }

    /// Connects to the server at `url`; several systems share one if each has a `namespace` of
    /// letters and digits. A connection that is lost later is made again and again.
    ///
    /// # Errors
    /// [`BusError::Unavailable`] if the server cannot be reached within a few seconds, or has no
    /// JetStream. The caller may try again.
    pub async fn connect(url: &str, namespace: Option<&str>) -> Result<Self, BusError> {
        Self::connect_replicated(url, namespace, 1).await
    }

    /// The same, to a cluster that keeps each stream on as many of its servers as `replicas`.
    ///
    /// # Errors
    /// As [`JetStreamBus::connect`].
    pub async fn connect_replicated(url: &str, namespace: Option<&str>, replicas: usize) -> Result<Self, BusError> {
        let Connection { context, renewed } = connect(url).await?;
        let (names, clock) = (Names::new(namespace), Clock::system());
        let bus = Self(Arc::new(Shared { context, renewed, names, clock, replicas }));
        bus.ping().await?;
        Ok(bus)
    }

    /// Sends all, in order, then waits for all acknowledgements.
    async fn publish_window(&self, window: &[Envelope]) -> Vec<Result<(), BusError>> {
        let mut sent = Vec::with_capacity(window.len());
        for envelope in window {
            sent.push(self.send(envelope).await);
        }
        let acknowledged = window.iter().zip(sent).map(async |(envelope, sent)| {
            let acknowledged = sent?.await;
            acknowledged.map(|_| ()).map_err(|error| of_publish(envelope.stream(), &error))
        });
        join_all(acknowledged).await
    }

    async fn send(&self, envelope: &Envelope) -> Result<PublishAckFuture, BusError> {
        let message = message_of(envelope)?;
        let sent = self.0.context.send_publish(self.0.names.subject(&envelope.kind), message).await;
        sent.map_err(|error| of_publish(envelope.stream(), &error))
    }
}

impl Shared {
    /// A name that nobody else has.
    pub(super) fn unique(&self) -> String {
        let inbox = self.context.client().new_inbox();
        inbox.rsplit('.').next().unwrap_or(&inbox).to_owned()
    }

    async fn info(&self, consumer: &Consumer) -> Result<Option<Info>, BusError> {
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

    /// How many messages there are for a consumer that nobody has joined yet.
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
            ..stream::Config::default()
        };
        self.0.context.create_or_update_stream(config).await.map_err(unavailable)?;
        self.0.declare_dead_letters().await
    }

    async fn publish(&self, batch: &[Envelope]) -> Vec<Result<(), BusError>> {
        let mut results = Vec::with_capacity(batch.len());
        for window in batch.chunks(WINDOW) {
            results.append(&mut self.publish_window(window).await);
        }
        results
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
            Some(info) => Ok(Backlog { pending: info.num_pending, unanswered: info.num_ack_pending as u64 }),
            None => Ok(Backlog { pending: self.0.count(consumer).await?, unanswered: 0 }),
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
