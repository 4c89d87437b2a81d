use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use common::events::Envelope;
use ports::bus::{Backlog, Bus, BusError, Consumer, DeadLetter, Deliveries, Stream, Watch};

/// A bus that can be away: nothing is published meanwhile, as if its server did not answer. What was published
/// before still arrives.
pub(super) struct AwayBus {
    inner: Arc<dyn Bus>,
    is_away: Arc<AtomicBool>,
}

impl AwayBus {
    /// Wraps `inner`, which is away while `is_away` says so.
    pub(super) fn new(inner: Arc<dyn Bus>, is_away: Arc<AtomicBool>) -> Self {
        Self { inner, is_away }
    }
}

#[async_trait]
impl Bus for AwayBus {
    async fn declare(&self, stream: &Stream) -> Result<(), BusError> {
        self.inner.declare(stream).await
    }

    async fn publish(&self, batch: &[Envelope]) -> Vec<Result<(), BusError>> {
        if self.is_away.load(Ordering::SeqCst) {
            return batch.iter().map(|_| Err(BusError::Unavailable("it is away, for a test".into()))).collect();
        }
        self.inner.publish(batch).await
    }

    async fn consume(&self, consumer: &Consumer) -> Result<Box<dyn Deliveries>, BusError> {
        self.inner.consume(consumer).await
    }

    async fn watch(&self, stream: &str, types: &[&str], from_start: bool) -> Result<Box<dyn Watch>, BusError> {
        self.inner.watch(stream, types, from_start).await
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
