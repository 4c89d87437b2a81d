use async_trait::async_trait;

use common::events::Envelope;

use super::{Backlog, Bus, BusError, Consumer, DeadLetter, Deliveries, Stream, Watch};

/// A bus on top of another that does some things differently: whatever is not said here, the other does.
#[async_trait]
pub trait BusLayer: Send + Sync + 'static {
    /// The other.
    fn inner(&self) -> &dyn Bus;

    /// See [`Bus::publish`].
    async fn publish(&self, batch: &[Envelope]) -> Vec<Result<(), BusError>> {
        self.inner().publish(batch).await
    }

    /// See [`Bus::consume`].
    async fn consume(&self, consumer: &Consumer) -> Result<Box<dyn Deliveries>, BusError> {
        self.inner().consume(consumer).await
    }

    /// See [`Bus::watch`].
    async fn watch(&self, stream: &str, types: &[&str], from_start: bool) -> Result<Box<dyn Watch>, BusError> {
        self.inner().watch(stream, types, from_start).await
    }
}

#[async_trait]
impl<L: BusLayer> Bus for L {
    async fn declare(&self, stream: &Stream) -> Result<(), BusError> {
        self.inner().declare(stream).await
    }

    async fn publish(&self, batch: &[Envelope]) -> Vec<Result<(), BusError>> {
        BusLayer::publish(self, batch).await
    }

    async fn consume(&self, consumer: &Consumer) -> Result<Box<dyn Deliveries>, BusError> {
        BusLayer::consume(self, consumer).await
    }

    async fn watch(&self, stream: &str, types: &[&str], from_start: bool) -> Result<Box<dyn Watch>, BusError> {
        BusLayer::watch(self, stream, types, from_start).await
    }

    async fn backlog(&self, consumer: &Consumer) -> Result<Backlog, BusError> {
        self.inner().backlog(consumer).await
    }

    async fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>, BusError> {
        self.inner().dead_letters(after, limit).await
    }

    async fn replay(&self, number: u64) -> Result<(), BusError> {
        self.inner().replay(number).await
    }

    async fn ping(&self) -> Result<(), BusError> {
        self.inner().ping().await
    }
}
