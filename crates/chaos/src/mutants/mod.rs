//! Whether the simulation can detect faults: deliberate faults, each of which it must catch.
//!
//! A fault at a service's ports is planted by the simulation
//! ([`PlantedFault`](crate::simulation::PlantedFault)). A fault within a service is a patch in
//! `crates/chaos/mutants`, which is applied to a copy of the source; the product itself has no switch for
//! it.
//!
//! With each fault, seeds are run until one of the invariants is violated that it breaks. The same seeds without it must
//! hold. A fault that is not detected means that a check is missing; one that others detect alone, that its check is
//! blind.

mod hunt;
mod mutant;
mod patch;
mod report;
mod tree;

pub use hunt::{Caught, Hunt, Hunter, Search};
pub use mutant::Mutant;
pub use patch::Patch;

use anyhow::{Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};

use crate::Verdict;
use crate::simulation::run_seed;

/// The default number of seeds for each fault.
const SEEDS: u64 = 300;

/// The options of this experiment.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {
    /// How many seeds to try for each fault at most [default: 300]
    #[arg(long)]
    pub seeds: Option<u64>,
    /// Only this fault, such as no-unique-index
    #[arg(long, value_name = "NAME")]
    pub only: Option<String>,
}

/// Runs the experiment.
///
/// # Errors
/// If it cannot be carried out.
pub async fn run(args: &Args) -> Result<Verdict> {
    let mutants = chosen(args.only.as_deref())?;
    let hunter = Hunter::of(&mutants, args.seeds.unwrap_or(SEEDS))?;
    let bar = ProgressBar::new(mutants.len() as u64).with_style(
        ProgressStyle::with_template("{bar:40} {pos}/{len} faults, {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let hunts = hunter.hunt_all(&mutants, |hunt| {
        bar.inc(1);
        if hunt.search.caught.is_none() {
            bar.println(format!("{} got away{}", hunt.mutant.name(), report::but_for(&hunt.search)));
        }
    })?;
    bar.finish_and_clear();
    let most = hunts.iter().map(|hunt| hunt.search.seeds).max().unwrap_or(0);
    let without_fault = hunter.search_without_fault(most)?;
    report::print(&hunts, &without_fault);
    let all_caught = hunts.iter().all(|hunt| hunt.search.caught.is_some());
    Ok(if all_caught && without_fault.caught.is_none() { Verdict::Held } else { Verdict::Broken })
}

fn chosen(only: Option<&str>) -> Result<Vec<Mutant>> {
    let mut mutants = Mutant::all()?;
    let names: Vec<_> = mutants.iter().map(|mutant| mutant.name().to_owned()).collect();
    mutants.retain(|mutant| only.is_none_or(|only| only == mutant.name()));
    ensure!(!mutants.is_empty(), "there are {}", names.join(", "));
    Ok(mutants)
}

/// The options of the search in the patched copy.
#[derive(Debug, Clone, clap::Args)]
pub struct SearchArgs {
    /// How many seeds to live through at most
    #[arg(long)]
    seeds: u64,
    /// An invariant whose violation is looked for [default: any]
    #[arg(long, value_name = "INVARIANT")]
    by: Vec<String>,
}

/// Runs seeds until an invariant is violated that is looked for, and prints the result as JSON.
///
/// # Errors
/// If the result cannot be written.
pub async fn search(args: &SearchArgs) -> Result<Verdict> {
    let by: Vec<&str> = args.by.iter().map(String::as_str).collect();
    let search = hunt::search(args.seeds, &by, |seed| run_seed(seed).violations);
    println!("{}", serde_json::to_string(&search)?);
    Ok(Verdict::Held)
}
