use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ports::bus::{BusError, Watch, Watched};

use super::gate::Gate;
use crate::simulation::system::Held;

/// What a watcher receives, sometimes delayed or interrupted.
pub(super) struct TroubledWatch {
    inner: Arc<Held<Box<dyn Watch>>>,
    turn: Duration,
    gate: Gate,
}

impl TroubledWatch {
    /// Watchers of one stream wake in an order that tokio draws, and not from the seed alone. Each has a
    /// `turn` of its own, so that the order does not matter.
    pub(super) fn new(inner: Box<dyn Watch>, turn: Duration, gate: Gate) -> Self {
        Self { inner: gate.life.hold(inner), turn, gate }
    }
}

#[async_trait]
impl Watch for TroubledWatch {
    async fn next(&mut self) -> Result<Watched, BusError> {
        let Some(mut inner) = self.inner.take() else { return std::future::pending().await };
        let seen = tokio::select! {
            biased;
            () = self.gate.life.ended() => None,
            seen = inner.next() => Some(seen),
        };
        let Some(seen) = seen else {
            drop(inner);
            return std::future::pending().await;
        };
        self.inner.put_back(inner);
        self.gate.life.outlive(tokio::time::sleep(self.turn)).await;
        self.gate.moment("watching", "the bus").await;
        if self.gate.weather.strikes(|rates| rates.bus_fails) {
            self.gate.trouble("its watch is interrupted".into());
            return Err(BusError::Unavailable("the watch broke off".into()));
        }
        seen
    }
}
