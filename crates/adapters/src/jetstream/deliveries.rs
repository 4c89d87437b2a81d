use std::sync::Arc;

use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use async_nats::jetstream::{AckKind, Message};
use async_trait::async_trait;
use ports::bus::{BusError, Consumer, Deliveries, Delivery};
use tokio::runtime::Handle;

use super::acknowledger::{DeliveryInfo, JetStreamAcknowledger};
use super::bus::Shared;
use super::error::unavailable;
use super::headers::envelope_of;
use super::history;
use super::in_progress::InProgress;
use super::pull::{BATCH, Pull};

/// The messages of a durable consumer, as one of its members gets them.
pub(super) struct JetStreamDeliveries {
    bus: Arc<Shared>,
    consumer: Consumer,
    name: Arc<str>,
    in_progress: Arc<InProgress>,
    /// The last sequence number of the consumer's history.
    history: u64,
    pull: Option<Pull>,
}

impl JetStreamDeliveries {
    pub(super) async fn join(bus: Arc<Shared>, consumer: Consumer) -> Result<Self, BusError> {
        let name = consumer.name.as_str().into();
        let in_progress = InProgress::start(bus.context.client(), consumer.ack_wait);
        let mut deliveries = Self { bus, consumer, name, in_progress, history: 0, pull: None };
        deliveries.begin().await?;
        Ok(deliveries)
    }

    async fn begin(&mut self) -> Result<&mut Pull, BusError> {
        self.history = history::end(&self.bus, &self.consumer).await?;
        let config = durable(&self.bus, &self.consumer, self.history);
        let pull = Pull::begin(&self.bus, self.consumer.stream, config, BATCH).await?;
        Ok(self.pull.insert(pull))
    }

    /// The message as a delivery, unless it has been dealt with here.
    async fn receive(&self, message: Message) -> Result<Option<Delivery>, BusError> {
        let info = message.info().map_err(unavailable)?;
        let info =
            DeliveryInfo { sequence: info.stream_sequence, attempt: u32::try_from(info.delivered).unwrap_or(u32::MAX) };
        let envelope = envelope_of(&message, self.bus.names.kind(&message.subject));
        let reply = message.reply.clone().ok_or_else(|| unavailable("a message that takes no answer"))?;
        let acknowledger = JetStreamAcknowledger {
            bus: self.bus.clone(),
            consumer: self.name.clone(),
            max_deliveries: self.consumer.max_deliveries,
            info,
            message,
            in_progress: self.in_progress.track(reply),
        };
        if info.attempt > self.consumer.delivery_limit() {
            acknowledger.make_dead_letter(self.consumer.delivery_limit(), Consumer::UNACKNOWLEDGED).await?;
            return Ok(None);
        }
        let envelope = match envelope {
            Ok(envelope) => envelope,
            Err(reason) => {
                acknowledger.make_dead_letter(info.attempt, &format!("unreadable: {reason}")).await?;
                return Ok(None);
            }
        };
        if envelope.replay_for.as_ref().is_some_and(|name| *name != self.consumer.name) {
            acknowledger.send(AckKind::Ack).await?;
            return Ok(None);
        }
        Ok(Some(Delivery {
            envelope: Arc::new(envelope),
            attempt: info.attempt,
            is_history: info.sequence <= self.history,
            acknowledger: Box::new(acknowledger),
        }))
    }
}

/// The durable consumer on the server.
fn durable(bus: &Shared, consumer: &Consumer, history: u64) -> pull::Config {
    pull::Config {
        durable_name: Some(consumer.name.clone()),
        deliver_policy: DeliverPolicy::All,
        ack_policy: AckPolicy::Explicit,
        ack_wait: consumer.ack_wait,
        // The limit is kept by the receiver, see the module's description.
        max_deliver: -1,
        filter_subjects: consumer.types.iter().map(|kind| bus.names.subject(kind)).collect(),
        max_ack_pending: i64::try_from(consumer.max_unacknowledged).unwrap_or(i64::MAX),
        metadata: history::metadata(history),
        ..pull::Config::default()
    }
}

impl Drop for JetStreamDeliveries {
    fn drop(&mut self) {
        if let (Some(pull), Ok(runtime)) = (self.pull.take(), Handle::try_current()) {
            runtime.spawn(pull.give_back());
        }
    }
}

#[async_trait]
impl Deliveries for JetStreamDeliveries {
    async fn next(&mut self) -> Result<Delivery, BusError> {
        loop {
            let pull = match &mut self.pull {
                Some(pull) => pull,
                None => self.begin().await?,
            };
            let Some(message) = pull.next().await else {
                // The caller pauses before its next call, which begins a new pull.
                self.pull = None;
                return Err(unavailable("pulling messages was interrupted"));
            };
            if let Some(delivery) = self.receive(message).await? {
                return Ok(delivery);
            }
        }
    }
}
