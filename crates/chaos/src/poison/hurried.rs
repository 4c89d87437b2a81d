use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ports::bus::{Acknowledger, Bus, BusError, BusLayer, Consumer, Deliveries, Delivery};

use super::recipe::is_poison;

/// The pause between two deliveries of a poisonous message that is retried.
const SOON: Duration = Duration::from_millis(1);

/// A bus that redelivers poison at once, where the listeners request a delay of up to half a minute: all its
/// deliveries take seconds instead of more than an hour. Everything else is unchanged.
pub(super) struct HurriedBus(pub(super) Arc<dyn Bus>);

#[async_trait]
impl BusLayer for HurriedBus {
    fn inner(&self) -> &dyn Bus {
        &*self.0
    }

    async fn consume(&self, consumer: &Consumer) -> Result<Box<dyn Deliveries>, BusError> {
        Ok(Box::new(HurriedDeliveries(self.0.consume(consumer).await?)))
    }
}

struct HurriedDeliveries(Box<dyn Deliveries>);

#[async_trait]
impl Deliveries for HurriedDeliveries {
    async fn next(&mut self) -> Result<Delivery, BusError> {
        let delivery = self.0.next().await?;
        if !is_poison(&delivery.envelope) {
            return Ok(delivery);
        }
        Ok(Delivery { acknowledger: Box::new(RetryAtOnce(delivery.acknowledger)), ..delivery })
    }
}

struct RetryAtOnce(Box<dyn Acknowledger>);

#[async_trait]
impl Acknowledger for RetryAtOnce {
    async fn ack(self: Box<Self>) -> Result<(), BusError> {
        self.0.ack().await
    }

    async fn retry(self: Box<Self>, delay: Duration, reason: &str) -> Result<(), BusError> {
        self.0.retry(delay.min(SOON), reason).await
    }

    async fn reject(self: Box<Self>, reason: &str) -> Result<(), BusError> {
        self.0.reject(reason).await
    }
}
