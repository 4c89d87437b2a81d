use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use common::events::Envelope;
use ports::bus::{Bus, BusError, BusLayer};

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
impl BusLayer for AwayBus {
    fn inner(&self) -> &dyn Bus {
        &*self.inner
    }

    async fn publish(&self, batch: &[Envelope]) -> Vec<Result<(), BusError>> {
        if self.is_away.load(Ordering::SeqCst) {
            return batch.iter().map(|_| Err(BusError::Unavailable("it is away, for a test".into()))).collect();
        }
        self.inner.publish(batch).await
    }
}
