use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use crate::simulation::chance::Chance;
use crate::simulation::plan::Rates;

/// Decides which faults happen, until the faults stop.
pub(in crate::simulation) struct Weather {
    rates: Rates,
    chance: Chance,
    has_cleared: AtomicBool,
    clearing: Notify,
}

impl Weather {
    pub(in crate::simulation) fn new(rates: Rates, chance: Chance) -> Self {
        // Only after all users have signed up.
        Self { rates, chance, has_cleared: AtomicBool::new(true), clearing: Notify::new() }
    }

    pub(in crate::simulation) fn break_loose(&self) {
        self.has_cleared.store(false, Ordering::Relaxed);
    }

    pub(in crate::simulation) fn clear_up(&self) {
        self.has_cleared.store(true, Ordering::Relaxed);
        self.clearing.notify_waiters();
    }

    /// Sleeps this long, but not beyond the end of the faults: nothing may be slow afterwards.
    pub(in crate::simulation) async fn last(&self, pause: Duration) {
        tokio::select! {
            biased;
            () = self.clearing.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }

    pub(in crate::simulation) fn has_cleared(&self) -> bool {
        self.has_cleared.load(Ordering::Relaxed)
    }

    /// Draws whether a fault of this rate happens now.
    pub(in crate::simulation) fn strikes(&self, rate: impl Fn(&Rates) -> u32) -> bool {
        !self.has_cleared.load(Ordering::Relaxed) && self.chance.hits(rate(&self.rates))
    }

    /// Whether no request under this key is ever answered by who it is for: also once the faults have stopped.
    pub(in crate::simulation) fn is_unanswered(&self, key: &[u8]) -> bool {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        hasher.finish() % 10_000 < u64::from(self.rates.creation_unanswered)
    }

    /// Draws the duration of the next step.
    pub(in crate::simulation) fn delay(&self) -> Option<Duration> {
        if self.strikes(|rates| rates.long_delay) {
            Some(self.chance.millis(200..=4_000))
        } else if self.strikes(|rates| rates.delay) {
            Some(self.chance.millis(0..=25))
        } else {
            None
        }
    }

    pub(in crate::simulation) fn chance(&self) -> &Chance {
        &self.chance
    }
}
