use std::sync::Arc;

use async_trait::async_trait;
use common::events::{Envelope, Event, SessionRevoked, stream_of};
use ports::bus::{Backlog, Bus, BusError, Consumer, DeadLetter, Deliveries, Stream, Watch, Watched};

use super::PlantedFault;
use super::deliveries::FaultyDeliveries;

/// A bus that misbehaves towards its watchers.
pub(super) struct FaultyBus {
    pub(super) inner: Arc<dyn Bus>,
    pub(super) fault: PlantedFault,
}

/// Reports that it has caught up, and no event.
struct SilencedWatch(Box<dyn Watch>);

#[async_trait]
impl Watch for SilencedWatch {
    async fn next(&mut self) -> Result<Watched, BusError> {
        loop {
            match self.0.next().await? {
                Watched::Event(_) => {}
                seen => return Ok(seen),
            }
        }
    }
}

#[async_trait]
impl Bus for FaultyBus {
    async fn declare(&self, stream: &Stream) -> Result<(), BusError> {
        self.inner.declare(stream).await
    }

    async fn publish(&self, batch: &[Envelope]) -> Vec<Result<(), BusError>> {
        self.inner.publish(batch).await
    }

    async fn consume(&self, consumer: &Consumer) -> Result<Box<dyn Deliveries>, BusError> {
        let inner = self.inner.consume(consumer).await?;
        Ok(Box::new(FaultyDeliveries { inner, fault: self.fault }))
    }

    async fn watch(&self, stream: &str, types: &[&str], from_start: bool) -> Result<Box<dyn Watch>, BusError> {
        let is_about_sessions = stream == stream_of(SessionRevoked::TYPE);
        match self.fault {
            PlantedFault::RevocationsIgnored if is_about_sessions => {
                Ok(Box::new(SilencedWatch(self.inner.watch(stream, types, from_start).await?)))
            }
            PlantedFault::RevocationsForgotten if is_about_sessions => self.inner.watch(stream, types, false).await,
            _ => self.inner.watch(stream, types, from_start).await,
        }
    }

    async fn backlog(&self, consumer: &Consumer) -> Result<Backlog, BusError> {
        self.inner.backlog(consumer).await
    }

    async fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>, BusError> {
        self.inner.dead_letters(after, limit).await
    }

    async fn replay(&self, number: u64) -> Result<(), BusError> {
        self.inner.replay(number).await
    }

    async fn ping(&self) -> Result<(), BusError> {
        self.inner.ping().await
    }
}
