use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use common::events::Envelope;
use ports::bus::{Backlog, Bus, BusError, Consumer, DeadLetter, Deliveries, Stream, Watch};
use server::services::ServiceName;

use super::deliveries::TroubledDeliveries;
use super::gate::Gate;
use super::watch::TroubledWatch;
use crate::simulation::history::HistoryEvent;
use crate::simulation::party::ProcessName;
use crate::simulation::plan::Rates;
use crate::simulation::system::Engines;

/// The suffix of the id of a message that is published once more.
pub(in crate::simulation) const AGAIN: &str = "#again";

/// A service's connection to the bus.
pub(in crate::simulation) struct TroubledBus {
    pub(in crate::simulation) home: Arc<Engines>,
    pub(in crate::simulation) gate: Gate,
}

impl TroubledBus {
    async fn pass<T>(&self, what: &str, work: impl Future<Output = Result<T, BusError>>) -> Result<T, BusError> {
        let fails: fn(&Rates) -> u32 = |rates| rates.bus_fails;
        self.gate.call(what, fails, BusError::Unavailable, work).await
    }

    fn bus(&self) -> Result<Arc<dyn Bus>, BusError> {
        self.home.bus().ok_or_else(|| BusError::Unavailable("the bus is down".into()))
    }

    /// When a watcher of the process has its turn, which no other watcher has.
    fn turn(&self, from_start: bool) -> Duration {
        let ProcessName { service, number } = self.gate.life.process();
        let place = service as usize + number * ServiceName::ALL.len();
        Duration::from_millis(1 + 2 * place as u64 + u64::from(from_start))
    }

    /// Publishes what the bus keeps of `batch`, and acknowledges all of it.
    async fn keep(&self, batch: &[Envelope]) -> Result<(), BusError> {
        let results = self.bus()?.publish(batch).await;
        for (envelope, result) in batch.iter().zip(&results) {
            if result.is_ok() {
                self.gate.history.note(HistoryEvent::Published(envelope.into()));
            }
        }
        results.into_iter().collect()
    }

    /// Publishes some messages once more, now or later, under other ids so that the bus does not deduplicate
    /// them.
    fn double(&self, batch: &[Envelope]) {
        for envelope in batch {
            if !self.gate.weather.strikes(|rates| rates.doubled) {
                continue;
            }
            let copy = Envelope { id: format!("{}{AGAIN}", envelope.id), ..envelope.clone() };
            let (home, pause) = (self.home.clone(), self.gate.weather.chance().millis(0..=6_000));
            tokio::spawn(async move {
                tokio::time::sleep(pause).await;
                if let Some(bus) = home.bus() {
                    bus.publish(&[copy]).await;
                }
            });
        }
    }
}

#[async_trait]
impl Bus for TroubledBus {
    async fn declare(&self, stream: &Stream) -> Result<(), BusError> {
        self.pass("declaring its stream", async { self.bus()?.declare(stream).await }).await
    }

    async fn publish(&self, batch: &[Envelope]) -> Vec<Result<(), BusError>> {
        // Each half may fail separately: a batch may arrive partially.
        let (first, second) = batch.split_at(batch.len() / 2);
        let mut results = Vec::with_capacity(batch.len());
        for part in [first, second].into_iter().filter(|part| !part.is_empty()) {
            let kept = self.pass("publishing", self.keep(part)).await;
            self.double(part);
            results.extend(part.iter().map(|_| match &kept {
                Ok(()) => Ok(()),
                Err(error) => Err(BusError::Unavailable(error.to_string())),
            }));
        }
        results
    }

    async fn consume(&self, consumer: &Consumer) -> Result<Box<dyn Deliveries>, BusError> {
        let inner = self.pass("joining a consumer", async { self.bus()?.consume(consumer).await }).await?;
        Ok(Box::new(TroubledDeliveries::new(inner, consumer.name.clone(), self.gate.clone())))
    }

    async fn watch(&self, stream: &str, types: &[&str], from_start: bool) -> Result<Box<dyn Watch>, BusError> {
        let inner =
            self.pass("beginning to watch", async { self.bus()?.watch(stream, types, from_start).await }).await?;
        Ok(Box::new(TroubledWatch::new(inner, self.turn(from_start), self.gate.clone())))
    }

    async fn backlog(&self, consumer: &Consumer) -> Result<Backlog, BusError> {
        self.gate.life.outlive(async { self.bus()?.backlog(consumer).await }).await
    }

    async fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>, BusError> {
        self.gate.life.outlive(async { self.bus()?.dead_letters(after, limit).await }).await
    }

    async fn replay(&self, number: u64) -> Result<(), BusError> {
        self.gate.life.outlive(async { self.bus()?.replay(number).await }).await
    }

    async fn ping(&self) -> Result<(), BusError> {
        self.gate.life.outlive(async { self.bus()?.ping().await }).await
    }
}
