use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// A random sequence derived from the seed. Clones draw from the same sequence.
#[derive(Clone)]
pub(super) struct Chance(Arc<Mutex<StdRng>>);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// A sequence of its own, so that other draws do not affect it.
    pub(super) fn fork(&self) -> Self {
        Self::new(self.number())
    }

    pub(super) fn number(&self) -> u64 {
        self.draw().random()
    }

    /// True with a probability of so many in 10,000.
    pub(super) fn hits(&self, rate: u32) -> bool {
        rate > 0 && self.draw().random_range(0..10_000) < rate
    }

    pub(super) fn between(&self, range: RangeInclusive<u32>) -> u32 {
        self.draw().random_range(range)
    }

    /// So many milliseconds.
    pub(super) fn millis(&self, range: RangeInclusive<u64>) -> Duration {
        Duration::from_millis(self.draw().random_range(range))
    }

    /// One of them; `None` if there are none.
    pub(super) fn pick<'a, T>(&self, among: &'a [T]) -> Option<&'a T> {
        if among.is_empty() {
            return None;
        }
        among.get(self.draw().random_range(0..among.len()))
    }

    fn draw(&self) -> MutexGuard<'_, StdRng> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
