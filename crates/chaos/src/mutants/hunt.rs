use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::mutant::Mutant;
use super::tree;
use crate::simulation::{Violation, run_seed, run_with_fault};

/// The environment variable that activates a fault in a process of the patched copy.
const VARIABLE: &str = "MUTANT";

/// The result of the search for a seed that detects a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunt {
    /// The fault.
    pub mutant: Mutant,
    /// The progress of the search.
    pub search: Search,
}

/// The progress of a search for a violating seed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// The number of seeds run.
    pub seeds: u64,
    /// The violation in the last of them; `None` if none of the invariants was violated that should have been.
    pub caught: Option<Caught>,
    /// Which others were violated in those before: they are no evidence that the right check works.
    pub others: BTreeSet<String>,
}

/// How a fault was detected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caught {
    /// All violated invariants: `I1, I8`.
    pub by: String,
    /// The first violation of those that should have been.
    pub seen: String,
}

/// Searches for faults of both kinds.
pub struct Hunter {
    /// The simulation in the patched copy, if it is needed.
    patched: Option<PathBuf>,
    /// The number of seeds for each fault.
    at_most: u64,
}

impl Hunter {
    /// Prepares the search for these faults, each with at most so many seeds.
    ///
    /// # Errors
    /// If the patched copy cannot be built.
    pub fn of(mutants: &[Mutant], at_most: u64) -> Result<Self> {
        let needs_copy = mutants.iter().any(|mutant| matches!(mutant, Mutant::Patched(_)));
        let patched = if needs_copy { Some(tree::build()?) } else { None };
        Ok(Self { patched, at_most })
    }

    /// Searches for all of these, as many concurrently as there are cores, each with the seeds from 0 on.
    /// Calls `done` after each.
    ///
    /// # Errors
    /// If the patched copy misbehaves.
    pub fn hunt_all(&self, mutants: &[Mutant], done: impl Fn(&Hunt) + Sync) -> Result<Vec<Hunt>> {
        let next = AtomicUsize::new(0);
        let hunts = Mutex::new(Vec::new());
        let work = || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(mutant) = mutants.get(number) else { return };
                let search = self.search(mutant);
                let hunt = search.map(|search| Hunt { mutant: mutant.clone(), search }).inspect(&done);
                hunts.lock().unwrap_or_else(PoisonError::into_inner).push((number, hunt));
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
                scope.spawn(work);
            }
        });
        let mut hunts = hunts.into_inner().unwrap_or_else(PoisonError::into_inner);
        hunts.sort_by_key(|(number, _)| *number);
        hunts.into_iter().map(|(_, hunt)| hunt).collect()
    }

    /// The same search without a fault, over so many seeds.
    ///
    /// # Errors
    /// If the patched copy misbehaves.
    pub fn search_without_fault(&self, seeds: u64) -> Result<Search> {
        match &self.patched {
            Some(program) => in_copy(program, None, seeds, &[]),
            None => Ok(search(seeds, &[], |seed| run_seed(seed).violations)),
        }
    }

    fn search(&self, mutant: &Mutant) -> Result<Search> {
        match mutant {
            Mutant::Planted(fault) => {
                Ok(search(self.at_most, &mutant.breaks(), |seed| run_with_fault(seed, *fault).violations))
            }
            Mutant::Patched(patch) => {
                let program = self.patched.as_deref().context("the copy with the patches was not built")?;
                in_copy(program, Some(&patch.name), self.at_most, &mutant.breaks())
            }
        }
    }
}

/// Runs the seeds from 0 on until one of the invariants `by` is violated; if there are none, until any is.
pub(super) fn search(at_most: u64, by: &[&str], violations_of: impl Fn(u64) -> Vec<Violation>) -> Search {
    let mut others = BTreeSet::new();
    for seed in 0..at_most {
        let mut violations = violations_of(seed);
        // A simulation that could not be carried out detects nothing.
        violations.retain(|violation| violation.invariant != "run");
        if let Some(caught) = caught(&violations, by) {
            return Search { seeds: seed + 1, caught: Some(caught), others };
        }
        others.extend(violations.into_iter().map(|violation| violation.invariant.to_owned()));
    }
    Search { seeds: at_most, caught: None, others }
}

/// The same in a process of the patched copy with this fault active.
fn in_copy(program: &Path, fault: Option<&str>, at_most: u64, by: &[&str]) -> Result<Search> {
    let mut process = Command::new(program);
    process.args(["search", "--seeds", &at_most.to_string()]).env_remove(VARIABLE);
    process.args(by.iter().flat_map(|invariant| ["--by", invariant]));
    process.envs(fault.map(|fault| (VARIABLE, fault)));
    let output = process.output().with_context(|| format!("{} does not run", program.display()))?;
    ensure!(output.status.success(), "{}: {}", program.display(), String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).context("what the copy found")
}

fn caught(violations: &[Violation], by: &[&str]) -> Option<Caught> {
    let first = violations.iter().find(|violation| by.is_empty() || by.contains(&violation.invariant))?;
    let mut all: Vec<&str> = violations.iter().map(|violation| violation.invariant).collect();
    all.dedup();
    Some(Caught { seen: first.seen.clone(), by: all.join(", ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is violated in each seed.
    fn violations(seed: u64) -> Vec<Violation> {
        let violated: &[&'static str] = match seed {
            0 => &["run"],
            2 => &["I2"],
            4 => &["I2", "I3", "I3"],
            _ => &[],
        };
        violated.iter().map(|invariant| Violation { invariant, seen: format!("{invariant} in {seed}") }).collect()
    }

    #[test]
    fn a_fault_is_caught_by_what_it_must_break_and_by_nothing_else() {
        let found = search(9, &["I1", "I3"], violations);
        let caught = Caught { by: "I2, I3".into(), seen: "I3 in 4".into() };
        assert_eq!(found, Search { seeds: 5, caught: Some(caught), others: BTreeSet::from(["I2".into()]) });
        let missed = search(9, &["I1"], violations);
        assert_eq!(missed, Search { seeds: 9, caught: None, others: BTreeSet::from(["I2".into(), "I3".into()]) });
    }

    #[test]
    fn without_a_fault_any_violation_counts() {
        let found = search(9, &[], violations);
        assert_eq!((found.seeds, found.caught.map(|caught| caught.by)), (3, Some("I2".into())));
        assert_eq!(search(2, &[], violations).caught, None, "that it could not be carried out is none");
    }
}
