use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ports::bus::{Acknowledger, BusError};

use super::gate::Gate;
use crate::simulation::history::HistoryEvent;
use crate::simulation::system::Held;

/// The acknowledgement of a delivery, which may be lost.
pub(super) struct TroubledAcknowledger {
    pub(super) inner: Arc<Held<Box<dyn Acknowledger>>>,
    pub(super) consumer: String,
    pub(super) event: String,
    pub(super) gate: Gate,
}

impl TroubledAcknowledger {
    /// The acknowledgement, unless it is lost.
    async fn send(&self, what: &str) -> Result<Box<dyn Acknowledger>, BusError> {
        self.gate.moment("before", &format!("{what} {}", self.event)).await;
        let lost = || BusError::Unavailable("the answer was lost".into());
        let inner = self.inner.take().ok_or_else(lost)?;
        if self.gate.weather.strikes(|rates| rates.answer_lost) {
            self.gate.trouble(format!("{what} {} is lost on the way", self.event));
            return Err(lost());
        }
        Ok(inner)
    }
}

#[async_trait]
impl Acknowledger for TroubledAcknowledger {
    async fn ack(self: Box<Self>) -> Result<(), BusError> {
        let inner = self.send("acknowledging").await?;
        self.gate.life.outlive(inner.ack()).await?;
        let (process, consumer, event) = (self.gate.life.process(), self.consumer.clone(), self.event.clone());
        self.gate.history.note(HistoryEvent::Acknowledged { process, consumer, event });
        Ok(())
    }

    async fn retry(self: Box<Self>, delay: Duration, reason: &str) -> Result<(), BusError> {
        let inner = self.send("putting off").await?;
        self.gate.life.outlive(inner.retry(delay, reason)).await
    }

    async fn reject(self: Box<Self>, reason: &str) -> Result<(), BusError> {
        self.gate.trouble(format!("{} rejects {}: {reason}", self.consumer, self.event));
        let inner = self.send("rejecting").await?;
        self.gate.life.outlive(inner.reject(reason)).await
    }
}
