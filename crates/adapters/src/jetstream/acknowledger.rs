use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::{AckKind, Message};
use async_trait::async_trait;
use common::events::Envelope;
use ports::bus::{Acknowledger, BusError};

use super::bus::Shared;
use super::dead_letters::Rejection;
use super::error::unavailable;
use super::headers::{envelope_of, remains_of};
use super::in_progress::Tracked;

/// Acknowledges one delivery.
pub(super) struct JetStreamAcknowledger {
    pub(super) bus: Arc<Shared>,
    pub(super) consumer: Arc<str>,
    pub(super) max_deliveries: u32,
    pub(super) info: DeliveryInfo,
    pub(super) message: Message,
    pub(super) in_progress: Tracked,
}

/// A message's sequence number in its stream, and how many times it has been delivered.
#[derive(Debug, Clone, Copy)]
pub(super) struct DeliveryInfo {
    pub(super) sequence: u64,
    pub(super) attempt: u32,
}

impl JetStreamAcknowledger {
    pub(super) async fn send(&self, kind: AckKind) -> Result<(), BusError> {
        self.in_progress.release();
        self.message.ack_with(kind).await.map_err(unavailable)
    }

    /// Puts the message among the dead letters, then ends its delivery. A process that does only the
    /// first repeats it after the next delivery, and the dead letters' stream recognises the duplicate.
    pub(super) async fn make_dead_letter(&self, deliveries: u32, reason: &str) -> Result<(), BusError> {
        let rejection = Rejection {
            consumer: &self.consumer,
            sequence: self.info.sequence,
            reason,
            deliveries,
            envelope: self.envelope(),
            message: &self.message,
        };
        self.bus.reject(rejection).await?;
        self.send(AckKind::Term).await
    }

    /// The event, or as much as is known of a message that is none.
    fn envelope(&self) -> Envelope {
        let kind = self.bus.names.kind(&self.message.subject);
        envelope_of(&self.message, kind)
            .unwrap_or_else(|_| remains_of(&self.message, kind, self.info.sequence, self.bus.clock.now()))
    }
}

#[async_trait]
impl Acknowledger for JetStreamAcknowledger {
    async fn ack(self: Box<Self>) -> Result<(), BusError> {
        self.send(AckKind::Ack).await
    }

    async fn retry(self: Box<Self>, delay: Duration, reason: &str) -> Result<(), BusError> {
        if self.info.attempt >= self.max_deliveries {
            return self.make_dead_letter(self.info.attempt, reason).await;
        }
        // A NAK without a delay, which zero would be, redelivers at once and without end.
        self.send(AckKind::Nak(Some(delay.max(Duration::from_millis(1))))).await
    }

    async fn reject(self: Box<Self>, reason: &str) -> Result<(), BusError> {
        self.make_dead_letter(self.info.attempt, reason).await
    }
}
