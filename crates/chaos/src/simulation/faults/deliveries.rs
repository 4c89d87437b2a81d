use std::sync::Arc;

use async_trait::async_trait;
use ports::bus::{BusError, Deliveries, Delivery};
use tokio::time::Instant;

use super::acknowledger::TroubledAcknowledger;
use super::gate::Gate;
use crate::simulation::system::Held;

/// The deliveries of a consumer, some of them delayed or lost.
pub(super) struct TroubledDeliveries {
    inner: Arc<Held<Box<dyn Deliveries>>>,
    consumer: String,
    gate: Gate,
    late: Vec<(Instant, Delivery)>,
}

impl TroubledDeliveries {
    pub(super) fn new(inner: Box<dyn Deliveries>, consumer: String, gate: Gate) -> Self {
        Self { inner: gate.life.hold(inner), consumer, gate, late: Vec::new() }
    }

    /// The delayed message that is now due.
    fn due(&mut self) -> Option<Delivery> {
        let now = Instant::now();
        let due = self.late.iter().position(|(until, _)| *until <= now)?;
        Some(self.late.swap_remove(due).1)
    }

    /// The next message from the bus, or `None` when a delayed one is due before it arrives.
    async fn receive(&mut self) -> Result<Option<Delivery>, BusError> {
        let next_due = self.late.iter().map(|(until, _)| *until).min();
        let Some(mut inner) = self.inner.take() else { return std::future::pending().await };
        let gate = self.gate.clone();
        let next = async {
            match next_due {
                Some(until) => tokio::time::timeout_at(until, inner.next()).await.ok().transpose(),
                None => inner.next().await.map(Some),
            }
        };
        let received = tokio::select! {
            biased;
            () = gate.life.ended() => None,
            received = next => Some(received),
        };
        let Some(received) = received else {
            drop(inner);
            return std::future::pending().await;
        };
        self.inner.put_back(inner);
        Ok(received?.map(|delivery| self.wrap(delivery)))
    }

    fn wrap(&self, delivery: Delivery) -> Delivery {
        let Delivery { envelope, attempt, is_history, acknowledger } = delivery;
        let acknowledger = TroubledAcknowledger {
            inner: self.gate.life.hold(acknowledger),
            consumer: self.consumer.clone(),
            event: envelope.id.clone(),
            gate: self.gate.clone(),
        };
        Delivery { envelope, attempt, is_history, acknowledger: Box::new(acknowledger) }
    }
}

#[async_trait]
impl Deliveries for TroubledDeliveries {
    async fn next(&mut self) -> Result<Delivery, BusError> {
        loop {
            if let Some(delivery) = self.due() {
                return Ok(delivery);
            }
            let Some(delivery) = self.receive().await? else { continue };
            let weather = &self.gate.weather;
            if weather.strikes(|rates| rates.delivery_lost) {
                self.gate.trouble(format!("{} to {} is lost on the way", delivery.envelope.id, self.consumer));
                continue;
            }
            if weather.strikes(|rates| rates.delivery_late) {
                let until = Instant::now() + weather.chance().millis(1..=1_500);
                self.late.push((until, delivery));
                continue;
            }
            self.gate.moment("receiving", &delivery.envelope.id).await;
            return Ok(delivery);
        }
    }
}
