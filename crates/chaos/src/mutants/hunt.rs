use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::mutant::Mutant;
use super::tree;
use crate::simulation::{Outcome, Violation, run_seed, run_with_fault};

/// Tells a process of the patched copy which fault it has.
const VARIABLE: &str = "MUTANT";

/// What came of the search for a seed that shows a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunt {
    /// The fault.
    pub mutant: Mutant,
    /// How far it got.
    pub search: Search,
}

/// How far the search for a broken seed got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// How many seeds were lived through.
    pub seeds: u64,
    /// What the last of them showed; `None` if everything held in all of them.
    pub caught: Option<Caught>,
}

/// What gave a fault away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caught {
    /// All invariants that did not hold: `I1, I8`.
    pub by: String,
    /// The first thing that was seen.
    pub seen: String,
}

/// Hunts faults, of both kinds.
pub struct Hunter {
    /// The simulation in the copy with the patches, where it is needed.
    patched: Option<PathBuf>,
    /// How many seeds each fault gets.
    at_most: u64,
}

impl Hunter {
    /// Gets ready for these faults, each of which gets so many seeds at most.
    ///
    /// # Errors
    /// If the copy with the patches cannot be built.
    pub fn of(mutants: &[Mutant], at_most: u64) -> Result<Self> {
        let needs_copy = mutants.iter().any(|mutant| matches!(mutant, Mutant::Patched(_)));
        let patched = if needs_copy { Some(tree::build()?) } else { None };
        Ok(Self { patched, at_most })
    }

    /// Hunts all of these, as many at once as there are cores, each with the seeds from 0 on. Calls
    /// `done` after each.
    ///
    /// # Errors
    /// If the copy with the patches does not do what it should.
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

    /// The same search without any fault, in so many seeds.
    ///
    /// # Errors
    /// If the copy with the patches does not do what it should.
    pub fn search_without_fault(&self, seeds: u64) -> Result<Search> {
        match &self.patched {
            Some(program) => in_copy(program, None, seeds),
            None => Ok(search(seeds, run_seed)),
        }
    }

    fn search(&self, mutant: &Mutant) -> Result<Search> {
        match mutant {
            Mutant::Planted(fault) => Ok(search(self.at_most, |seed| run_with_fault(seed, *fault))),
            Mutant::Patched(patch) => {
                let program = self.patched.as_deref().context("the copy with the patches was not built")?;
                in_copy(program, Some(&patch.name), self.at_most)
            }
        }
    }
}

/// Lives through the seeds from 0 on until something does not hold.
pub(super) fn search(at_most: u64, live: impl Fn(u64) -> Outcome) -> Search {
    let catches = |seed| Some(Search { seeds: seed + 1, caught: Some(caught(&live(seed).violations)?) });
    (0..at_most).find_map(catches).unwrap_or(Search { seeds: at_most, caught: None })
}

/// The same in a process of the copy, which has this fault.
fn in_copy(program: &Path, fault: Option<&str>, at_most: u64) -> Result<Search> {
    let mut process = Command::new(program);
    process.args(["search", "--seeds", &at_most.to_string()]).env_remove(VARIABLE);
    process.envs(fault.map(|fault| (VARIABLE, fault)));
    let output = process.output().with_context(|| format!("{} does not run", program.display()))?;
    ensure!(output.status.success(), "{}: {}", program.display(), String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).context("what the copy found")
}

/// A simulation that could not be carried out shows nothing.
fn caught(violations: &[Violation]) -> Option<Caught> {
    let shown = || violations.iter().filter(|violation| violation.invariant != "run");
    let mut by: Vec<&str> = shown().map(|violation| violation.invariant).collect();
    by.dedup();
    Some(Caught { seen: shown().next()?.seen.clone(), by: by.join(", ") })
}
