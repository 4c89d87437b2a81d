use std::time::Duration;

use async_trait::async_trait;
use ports::bus::{Acknowledger, BusError, Deliveries, Delivery};

use super::PlantedFault;

/// Deliveries that are acknowledged when they should not be.
pub(super) struct FaultyDeliveries {
    pub(super) inner: Box<dyn Deliveries>,
    pub(super) fault: PlantedFault,
}

/// Replaces an acknowledgement that has been sent already: whatever happens to the message has no effect.
struct AlreadySent;

/// Acknowledges what should be retried.
struct NeverPutOff(Box<dyn Acknowledger>);

#[async_trait]
impl Deliveries for FaultyDeliveries {
    async fn next(&mut self) -> Result<Delivery, BusError> {
        loop {
            let Delivery { envelope, attempt, is_history, acknowledger } = self.inner.next().await?;
            let acknowledger: Box<dyn Acknowledger> = match self.fault {
                PlantedFault::AcknowledgedBeforeCommit => match acknowledger.ack().await {
                    Ok(()) => Box::new(AlreadySent),
                    // It is delivered again.
                    Err(_) => continue,
                },
                PlantedFault::GapAcknowledged => Box::new(NeverPutOff(acknowledger)),
                _ => acknowledger,
            };
            return Ok(Delivery { envelope, attempt, is_history, acknowledger });
        }
    }
}

#[async_trait]
impl Acknowledger for AlreadySent {
    async fn ack(self: Box<Self>) -> Result<(), BusError> {
        Ok(())
    }

    async fn retry(self: Box<Self>, _: Duration, _: &str) -> Result<(), BusError> {
        Ok(())
    }

    async fn reject(self: Box<Self>, _: &str) -> Result<(), BusError> {
        Ok(())
    }
}

#[async_trait]
impl Acknowledger for NeverPutOff {
    async fn ack(self: Box<Self>) -> Result<(), BusError> {
        self.0.ack().await
    }

    async fn retry(self: Box<Self>, _: Duration, _: &str) -> Result<(), BusError> {
        self.0.ack().await
    }

    async fn reject(self: Box<Self>, reason: &str) -> Result<(), BusError> {
        self.0.reject(reason).await
    }
}
