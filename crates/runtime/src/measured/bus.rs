use std::sync::Arc;

use async_trait::async_trait;
use common::events::Envelope;
use ports::bus::{Bus, BusError, BusLayer};

/// A bus that counts what is published, repetitions included.
pub(crate) struct MeasuredBus(pub(crate) Arc<dyn Bus>);

#[async_trait]
impl BusLayer for MeasuredBus {
    fn inner(&self) -> &dyn Bus {
        &*self.0
    }

    async fn publish(&self, batch: &[Envelope]) -> Vec<Result<(), BusError>> {
        count_published(batch);
        self.0.publish(batch).await
    }
}

/// Counts events that are sent to the bus, by itself or with the commit that causes them.
pub(super) fn count_published(events: &[Envelope]) {
    for run in events.chunk_by(|one, next| one.stream() == next.stream()) {
        let stream = run[0].stream().to_owned();
        metrics::counter!("events_published_total", "stream" => stream).increment(run.len() as u64);
    }
}
