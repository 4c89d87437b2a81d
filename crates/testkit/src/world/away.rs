use std::sync::Arc;

use async_trait::async_trait;
use ports::bus::{Bus, BusError, BusLayer, Consumer, Deliveries, Delivery};
use tokio::sync::watch;

/// A bus that can be away: nothing arrives meanwhile, as if its server did not answer.
pub(super) struct AwayBus {
    inner: Arc<dyn Bus>,
    is_away: watch::Receiver<bool>,
}

impl AwayBus {
    /// Wraps `inner`, which is away while `is_away` says so.
    pub(super) fn new(inner: Arc<dyn Bus>, is_away: watch::Receiver<bool>) -> Self {
        Self { inner, is_away }
    }
}

#[async_trait]
impl BusLayer for AwayBus {
    fn inner(&self) -> &dyn Bus {
        &*self.inner
    }

    async fn consume(&self, consumer: &Consumer) -> Result<Box<dyn Deliveries>, BusError> {
        let (inner, is_away) = (self.inner.consume(consumer).await?, self.is_away.clone());
        Ok(Box::new(Held { inner, is_away, held: None }))
    }
}

/// Deliveries that do not arrive while the bus is away.
struct Held {
    inner: Box<dyn Deliveries>,
    is_away: watch::Receiver<bool>,
    held: Option<Delivery>,
}

#[async_trait]
impl Deliveries for Held {
    async fn next(&mut self) -> Result<Delivery, BusError> {
        loop {
            // Held while it waits, so that whoever stops waiting for it does not lose it.
            if self.held.is_none() {
                self.held = Some(self.inner.next().await?);
            }
            if self.is_away.wait_for(|is_away| !is_away).await.is_err() {
                return Err(BusError::Unavailable("the world has ended".into()));
            }
            if let Some(delivery) = self.held.take() {
                return Ok(delivery);
            }
        }
    }
}
