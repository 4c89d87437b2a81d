use std::time::Duration;

use async_trait::async_trait;
use ports::bus::{Answer, BusError, Deliveries, Delivery};

use super::PlantedFault;

/// Messages that are acknowledged when they should not be.
pub(super) struct FaultyDeliveries {
    pub(super) inner: Box<dyn Deliveries>,
    pub(super) fault: PlantedFault,
}

/// Stands for an acknowledgement that has been sent already: whatever comes of the message changes
/// nothing.
struct AlreadySent;

/// Acknowledges what should be put off.
struct NeverPutOff(Box<dyn Answer>);

#[async_trait]
impl Deliveries for FaultyDeliveries {
    async fn next(&mut self) -> Result<Delivery, BusError> {
        loop {
            let Delivery { envelope, attempt, answer } = self.inner.next().await?;
            let answer: Box<dyn Answer> = match self.fault {
                PlantedFault::AcknowledgedBeforeCommit => match answer.ack().await {
                    Ok(()) => Box::new(AlreadySent),
                    // It comes again.
                    Err(_) => continue,
                },
                PlantedFault::GapAcknowledged => Box::new(NeverPutOff(answer)),
                _ => answer,
            };
            return Ok(Delivery { envelope, attempt, answer });
        }
    }
}

#[async_trait]
impl Answer for AlreadySent {
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
impl Answer for NeverPutOff {
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
