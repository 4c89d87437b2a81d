use std::sync::Arc;

use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use async_nats::jetstream::{AckKind, Message};
use async_trait::async_trait;
use ports::bus::{BusError, Consumer, Deliveries, Delivery};
use tokio::runtime::Handle;

use super::answer::{JetStreamAnswer, Place};
use super::bus::Shared;
use super::error::unavailable;
use super::headers::envelope_of;
use super::held::Held;
use super::pull::Pull;

/// A place at a durable consumer.
pub(super) struct JetStreamDeliveries {
    bus: Arc<Shared>,
    consumer: Consumer,
    name: Arc<str>,
    held: Arc<Held>,
    pull: Option<Pull>,
}

impl JetStreamDeliveries {
    pub(super) async fn join(bus: Arc<Shared>, consumer: Consumer) -> Result<Self, BusError> {
        let name = consumer.name.as_str().into();
        let held = Held::start(bus.context.client(), consumer.ack_wait);
        let mut deliveries = Self { bus, consumer, name, held, pull: None };
        deliveries.begin().await?;
        Ok(deliveries)
    }

    async fn begin(&mut self) -> Result<&mut Pull, BusError> {
        let config = durable(&self.bus, &self.consumer);
        let pull = Pull::begin(&self.bus, self.consumer.stream, config).await?;
        Ok(self.pull.insert(pull))
    }

    /// What the message is to the caller, unless it has been dealt with here.
    async fn receive(&self, message: Message) -> Result<Option<Delivery>, BusError> {
        let info = message.info().map_err(unavailable)?;
        let place =
            Place { sequence: info.stream_sequence, attempt: u32::try_from(info.delivered).unwrap_or(u32::MAX) };
        let envelope = envelope_of(&message);
        let hold = self.held.hold(message.reply.clone().ok_or_else(|| unavailable("a message that takes no answer"))?);
        let answer = JetStreamAnswer {
            bus: self.bus.clone(),
            consumer: self.name.clone(),
            max_deliveries: self.consumer.max_deliveries,
            place,
            message,
            hold,
        };
        if place.attempt > self.consumer.most_unanswered() {
            answer.bury(self.consumer.most_unanswered(), Consumer::UNANSWERED).await?;
            return Ok(None);
        }
        let envelope = match envelope {
            Ok(envelope) => envelope,
            Err(reason) => {
                answer.bury(place.attempt, &format!("unreadable: {reason}")).await?;
                return Ok(None);
            }
        };
        if envelope.replay_for.as_ref().is_some_and(|name| *name != self.consumer.name) {
            answer.send(AckKind::Ack).await?;
            return Ok(None);
        }
        Ok(Some(Delivery { envelope: Arc::new(envelope), attempt: place.attempt, answer: Box::new(answer) }))
    }
}

/// The durable consumer on the server.
fn durable(bus: &Shared, consumer: &Consumer) -> pull::Config {
    pull::Config {
        durable_name: Some(consumer.name.clone()),
        deliver_policy: DeliverPolicy::All,
        ack_policy: AckPolicy::Explicit,
        ack_wait: consumer.ack_wait,
        // The bound is kept by whoever receives, see the module's description.
        max_deliver: -1,
        filter_subjects: consumer.types.iter().map(|kind| bus.names.subject(kind)).collect(),
        max_ack_pending: i64::try_from(consumer.max_unanswered).unwrap_or(i64::MAX),
        ..pull::Config::default()
    }
}

impl Drop for JetStreamDeliveries {
    fn drop(&mut self) {
        if let (Some(pull), Ok(runtime)) = (self.pull.take(), Handle::try_current()) {
            runtime.spawn(pull.hand_back());
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
                // The caller pauses before the next call begins anew.
                self.pull = None;
                return Err(unavailable("pulling messages was interrupted"));
            };
            if let Some(delivery) = self.receive(message).await? {
                return Ok(delivery);
            }
        }
    }
}
