use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::outcome::Outcome;
use super::seed::run_seed;

/// Runs all these seeds, as many concurrently as there are cores, and returns those with violations. Calls
/// `done` after each. Only the first of them keeps its history, so that many do not fill the memory.
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
                keep(&mut failures.lock().unwrap_or_else(PoisonError::into_inner), outcome);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    failures.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Adds a failure in the order of the seeds, and drops the histories of all but the first.
fn keep(failures: &mut Vec<Outcome>, failure: Outcome) {
    let place = failures.partition_point(|other| other.seed < failure.seed);
    failures.insert(place, failure);
    for other in failures.iter_mut().skip(1) {
        other.entries = Vec::new();
    }
}
