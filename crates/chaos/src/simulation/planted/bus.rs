use std::sync::Arc;

use async_trait::async_trait;
use common::events::{Event, SessionRevoked, stream_of};
use ports::bus::{Bus, BusError, BusLayer, Consumer, Deliveries, Watch, Watched};

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
impl BusLayer for FaultyBus {
    fn inner(&self) -> &dyn Bus {
        &*self.inner
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
}
