use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::outcome::Outcome;
use super::seed::run_seed;

/// Runs all these seeds, as many concurrently as there are cores, and returns those with violations. Calls
/// `done` after each. Only the first of them keeps its history, so that many do not fill the memory.
pub fn run_seeds(seeds: Range<u64>, done: impl Fn(&Outcome) + Sync) -> Vec<Outcome> {
    run_each(seeds, run_seed, done)
}

fn run_each(seeds: Range<u64>, run: impl Fn(u64) -> Outcome + Sync, done: impl Fn(&Outcome) + Sync) -> Vec<Outcome> {
    let next = AtomicU64::new(seeds.start);
    let failures = Mutex::new(Vec::new());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return;
            }
            let outcome = run(seed);
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::simulation::history::{Entry, HistoryEvent};
    use crate::simulation::outcome::Violation;

    /// Every third seed violates something.
    fn outcome(seed: u64) -> Outcome {
        let seen = (seed % 3 == 0).then(|| Violation { invariant: "I1", seen: "something".into() });
        let entries = vec![Entry { at: Duration::ZERO, what: HistoryEvent::Settled }];
        Outcome { seed, violations: seen.into_iter().collect(), fingerprint: seed, lasted: Duration::ZERO, entries }
    }

    #[test]
    fn each_seed_runs_once_and_only_the_first_that_fails_keeps_its_history() {
        let done = Mutex::new(Vec::new());
        let failures = run_each(7..30, outcome, |outcome| done.lock().expect("unlocked").push(outcome.seed));
        let mut done = done.into_inner().expect("unlocked");
        done.sort_unstable();
        assert_eq!(done, (7..30).collect::<Vec<_>>());
        let kept: Vec<_> = failures.iter().map(|failure| (failure.seed, failure.entries.len())).collect();
        assert_eq!(kept, [(9, 1), (12, 0), (15, 0), (18, 0), (21, 0), (24, 0), (27, 0)]);
    }

    #[test]
    fn a_seed_that_fails_later_and_comes_before_keeps_its_history_instead() {
        let mut failures = Vec::new();
        for seed in [6, 9, 3] {
            keep(&mut failures, outcome(seed));
        }
        let kept: Vec<_> = failures.iter().map(|failure| (failure.seed, failure.entries.len())).collect();
        assert_eq!(kept, [(3, 1), (6, 0), (9, 0)]);
    }
}
