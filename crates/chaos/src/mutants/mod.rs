//! Who watches the watchman: deliberate faults in our own code, each of which the simulation must catch.
//!
//! For each fault, one of [`common::mutant::Mutant`], seeds are lived through with it until an invariant
//! does not hold. The same seeds without it must be clean. A fault that nothing catches is a check that
//! is missing.

mod hunt;
mod report;

pub use hunt::{Caught, Hunt, hunt_all};

use anyhow::Result;
use common::mutant::Mutant;
use indicatif::{ProgressBar, ProgressStyle};

use crate::Verdict;
use crate::simulation::{Outcome, run_seeds};

/// How many seeds each fault gets if nobody says.
const SEEDS: u64 = 300;

/// What can be asked of it.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {
    /// How many seeds to try for each fault at most [default: 300]
    #[arg(long)]
    pub seeds: Option<u64>,
    /// Only this fault, such as NoUniqueIndex
    #[arg(long, value_parser = named)]
    pub only: Option<Mutant>,
}

/// Runs it.
///
/// # Errors
/// If it could not be carried out.
pub async fn run(args: &Args) -> Result<Verdict> {
    let mutants = args.only.map_or_else(|| Mutant::ALL.to_vec(), |only| vec![only]);
    let bar = ProgressBar::new(mutants.len() as u64).with_style(
        ProgressStyle::with_template("{bar:40} {pos}/{len} faults, {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let hunts = hunt_all(&mutants, args.seeds.unwrap_or(SEEDS), |hunt| {
        bar.inc(1);
        if hunt.caught.is_none() {
            bar.println(format!("{:?} got away", hunt.mutant));
        }
    });
    bar.finish_and_clear();
    let healthy = without_faults(&hunts);
    report::print(&hunts, &healthy);
    let all_caught = hunts.iter().all(|hunt| hunt.caught.is_some());
    Ok(if all_caught && healthy.is_empty() { Verdict::Held } else { Verdict::Broken })
}

/// The failures of the seeds that were used, without any fault of ours.
fn without_faults(hunts: &[Hunt]) -> Vec<Outcome> {
    let seeds = hunts.iter().map(|hunt| hunt.seeds).max().unwrap_or(0);
    run_seeds(0..seeds, |_| ())
}

fn named(name: &str) -> Result<Mutant, String> {
    let is_it = |mutant: &Mutant| format!("{mutant:?}").eq_ignore_ascii_case(name);
    let names = || Mutant::ALL.map(|mutant| format!("{mutant:?}")).join(", ");
    Mutant::ALL.into_iter().find(is_it).ok_or_else(|| format!("there are {}", names()))
}
