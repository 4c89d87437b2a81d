use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::outcome::Outcome;
use super::seed::run_seed;

/// Runs all these seeds, as many concurrently as there are cores, and returns those with violations. Calls
/// `done` after each.
pub fn run_seeds(seeds: Range<u64>, done: impl Fn(&Outcome) + Sync) -> Vec<Outcome> {
    let next = AtomicU64::new(seeds.start);
    let failures = Mutex::new(Vec::new());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return;
            }
            let outcome = run_seed(seed);
            done(&outcome);
            if !outcome.held() {
                failures.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let mut failures = failures.into_inner().unwrap_or_else(PoisonError::into_inner);
    failures.sort_unstable_by_key(|outcome| outcome.seed);
    failures
}
