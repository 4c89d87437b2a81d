use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::{AckKind, Message};
use async_trait::async_trait;
use common::events::Envelope;
use ports::bus::{Answer, BusError};

use super::bus::Shared;
use super::dead_letters::Buried;
use super::error::unavailable;
use super::headers::{data_in, envelope_of};
use super::held::Hold;

/// Answers one delivery.
pub(super) struct JetStreamAnswer {
    pub(super) bus: Arc<Shared>,
    pub(super) consumer: Arc<str>,
    pub(super) max_deliveries: u32,
    pub(super) place: Place,
    pub(super) message: Message,
    pub(super) hold: Hold,
}

/// Where in its stream a message is, and the how-manieth time it is delivered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) sequence: u64,
    pub(super) attempt: u32,
}

impl JetStreamAnswer {
    pub(super) async fn send(&self, kind: AckKind) -> Result<(), BusError> {
        self.hold.release();
        self.message.ack_with(kind).await.map_err(unavailable)
    }

    /// Puts the message among the dead letters, then ends it. Whoever does only the first does
    /// it again after the next delivery, and the dead letters' stream knows the duplicate.
    pub(super) async fn bury(&self, deliveries: u32, reason: &str) -> Result<(), BusError> {
        let buried = Buried {
            consumer: &self.consumer,
            sequence: self.place.sequence,
            reason,
            deliveries,
            envelope: self.envelope(),
            message: &self.message,
        };
        self.bus.bury(buried).await?;
        self.send(AckKind::Term).await
    }

    /// The event, or what little can be said of a message that is none.
    fn envelope(&self) -> Envelope {
        envelope_of(&self.message).unwrap_or_else(|_| Envelope {
            id: format!("unreadable-{}", self.place.sequence),
            source: "unknown".to_owned(),
            kind: self.bus.names.kind(&self.message.subject).to_owned(),
            subject: String::new(),
            time: self.bus.clock.now(),
            traceparent: None,
            replay_for: None,
            data: data_in(&self.message.payload),
        })
    }
}

#[async_trait]
impl Answer for JetStreamAnswer {
    async fn ack(self: Box<Self>) -> Result<(), BusError> {
        self.send(AckKind::Ack).await
    }

    async fn retry(self: Box<Self>, delay: Duration, reason: &str) -> Result<(), BusError> {
        if self.place.attempt >= self.max_deliveries {
            return self.bury(self.place.attempt, reason).await;
        }
        // A NAK without a delay, which zero would be, redelivers at once and without end.
        self.send(AckKind::Nak(Some(delay.max(Duration::from_millis(1))))).await
    }

    async fn reject(self: Box<Self>, reason: &str) -> Result<(), BusError> {
        self.bury(self.place.attempt, reason).await
    }
}
