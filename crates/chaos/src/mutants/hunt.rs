use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use common::mutant::Mutant;

use crate::simulation::{Violation, run_infected};

/// What came of the search for a seed that shows a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunt {
    /// The fault.
    pub mutant: Mutant,
    /// How many seeds were lived through with it.
    pub seeds: u64,
    /// What the last of them showed; `None` if the fault got away.
    pub caught: Option<Caught>,
}

/// What gave a fault away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caught {
    /// All invariants that did not hold: `I1, I8`.
    pub by: String,
    /// The first thing that was seen.
    pub seen: String,
}

/// Hunts all of these, as many at once as there are cores, each with the seeds from 0 on and at most
/// `at_most` of them. `done` is told after each.
pub fn hunt_all(mutants: &[Mutant], at_most: u64, done: impl Fn(&Hunt) + Sync) -> Vec<Hunt> {
    let next = AtomicUsize::new(0);
    let hunts = Mutex::new(Vec::new());
    let work = || {
        while let Some(mutant) = mutants.get(next.fetch_add(1, Ordering::Relaxed)) {
            let hunt = hunt(*mutant, at_most);
            done(&hunt);
            hunts.lock().unwrap_or_else(PoisonError::into_inner).push(hunt);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let mut hunts = hunts.into_inner().unwrap_or_else(PoisonError::into_inner);
    hunts.sort_by_key(|hunt| mutants.iter().position(|mutant| *mutant == hunt.mutant));
    hunts
}

fn hunt(mutant: Mutant, at_most: u64) -> Hunt {
    let catches = |seed| Some((seed + 1, caught(&run_infected(seed, mutant).violations)?));
    match (0..at_most).find_map(catches) {
        Some((seeds, caught)) => Hunt { mutant, seeds, caught: Some(caught) },
        None => Hunt { mutant, seeds: at_most, caught: None },
    }
}

/// A simulation that could not be carried out shows nothing.
fn caught(violations: &[Violation]) -> Option<Caught> {
    let shown = || violations.iter().filter(|violation| violation.invariant != "run");
    let mut by: Vec<&str> = shown().map(|violation| violation.invariant).collect();
    by.dedup();
    Some(Caught { seen: shown().next()?.seen.clone(), by: by.join(", ") })
}
