use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use ports::bus::{Acknowledger, Bus, BusError, BusLayer, Consumer, Deliveries, Delivery};
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
impl BusLayer for ShuffledBus {
    fn inner(&self) -> &dyn Bus {
        &*self.inner
    }

    async fn consume(&self, consumer: &Consumer) -> Result<Box<dyn Deliveries>, BusError> {
        let inner = self.inner.consume(consumer).await?;
        Ok(Box::new(Shuffled { inner, held: Vec::new(), chance: self.fork() }))
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
                Ok(delivery) => {
                    let delivery = delivery?;
                    self.held.push(again(&delivery));
                    self.held.push(delivery);
                }
                Err(_) if self.held.is_empty() => {}
                Err(_) => break,
            }
        }
        let chosen = self.chance.random_range(0..self.held.len());
        Ok(self.held.swap_remove(chosen))
    }
}

/// The same once more, whose acknowledgement means nothing: if it comes first, the other is the duplicate.
fn again(delivery: &Delivery) -> Delivery {
    let Delivery { envelope, attempt, is_history, acknowledger: _ } = delivery;
    Delivery { envelope: envelope.clone(), attempt: *attempt, is_history: *is_history, acknowledger: Box::new(Unheard) }
}

struct Unheard;

#[async_trait]
impl Acknowledger for Unheard {
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
