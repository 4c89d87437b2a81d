use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use common::events::Envelope;
use ports::bus::{Backlog, Bus, BusError, Consumer, DeadLetter, Deliveries, Delivery, Stream, Watch};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// How many deliveries are held back at most, to be reordered.
const HELD: usize = 16;
/// How long to wait for another delivery before handing over one that is held back.
const PAUSE: Duration = Duration::from_millis(2);

/// A bus that delivers every event twice and out of order, with a seed.
pub struct ShuffledBus {
    inner: Arc<dyn Bus>,
    chance: Mutex<StdRng>,
}

impl ShuffledBus {
    /// Wraps `inner`.
    pub fn new(inner: Arc<dyn Bus>, seed: u64) -> Self {
        Self { inner, chance: Mutex::new(StdRng::seed_from_u64(seed)) }
    }

    fn fork(&self) -> StdRng {
        StdRng::from_rng(&mut *self.chance.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Bus for ShuffledBus {
    async fn declare(&self, stream: &Stream) -> Result<(), BusError> {
        self.inner.declare(stream).await
    }

    async fn publish(&self, batch: &[Envelope]) -> Vec<Result<(), BusError>> {
        let results = self.inner.publish(batch).await;
        let again: Vec<Envelope> = batch
            .iter()
            .map(|envelope| Envelope { id: format!("{}#again", envelope.id), ..envelope.clone() })
            .collect();
        let doubled = self.inner.publish(&again).await;
        results.into_iter().zip(doubled).map(|(first, second)| first.and(second)).collect()
    }

    async fn consume(&self, consumer: &Consumer) -> Result<Box<dyn Deliveries>, BusError> {
        let inner = self.inner.consume(consumer).await?;
        Ok(Box::new(Shuffled { inner, held: Vec::new(), chance: self.fork() }))
    }

    async fn watch(&self, stream: &str, types: &[&str], from_start: bool) -> Result<Box<dyn Watch>, BusError> {
        self.inner.watch(stream, types, from_start).await
    }

    async fn backlog(&self, consumer: &Consumer) -> Result<Backlog, BusError> {
        self.inner.backlog(consumer).await
    }

    async fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>, BusError> {
        self.inner.dead_letters(after, limit).await
    }

    async fn replay(&self, number: u64) -> Result<(), BusError> {
        self.inner.replay(number).await
    }

    async fn ping(&self) -> Result<(), BusError> {
        self.inner.ping().await
    }
}

struct Shuffled {
    inner: Box<dyn Deliveries>,
    held: Vec<Delivery>,
    chance: StdRng,
}

#[async_trait]
impl Deliveries for Shuffled {
    async fn next(&mut self) -> Result<Delivery, BusError> {
        while self.held.len() < HELD {
            let pause = if self.held.is_empty() { Duration::from_secs(3600) } else { PAUSE };
            match tokio::time::timeout(pause, self.inner.next()).await {
                Ok(delivery) => self.held.push(delivery?),
                Err(_) if self.held.is_empty() => {}
                Err(_) => break,
            }
        }
        let chosen = self.chance.random_range(0..self.held.len());
        Ok(self.held.swap_remove(chosen))
    }
}
