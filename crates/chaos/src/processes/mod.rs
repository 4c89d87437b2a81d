//! Real processes under load while they are killed, frozen, disconnected from one another, and made to crash
//! between any two steps: the seven services, MongoDB, NATS and the object store, which can be full, too. Stripe, which
//! is a third party, only becomes unreachable. Afterwards the books are reconciled.

mod binary;
mod crash_points;
mod experiment;
mod fault;
mod files;
mod inflict;
mod links;
mod load;
mod part;
mod prepare;
mod probe;
mod reconcile;
mod report;
mod round;
mod system;
mod table;

pub use binary::Binary;
pub use experiment::{Plan, experiment};
pub use fault::Fault;
pub use links::Link;
pub use part::Part;
pub use report::Report;
pub use round::Round;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;

use crate::Verdict;

/// The options of this experiment.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Stop after this many faults
    #[arg(long)]
    rounds: Option<usize>,
    /// Go on for at least this long; in any case until every crash point was passed
    #[arg(long, default_value_t = 300)]
    seconds: u64,
    /// Only faults in whose lines this occurs, such as "half" or "mongod"; 10 of them by default
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// A program that was built before, with crash points, instead of building it
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Decides what happens when; chosen at random by default
    #[arg(long)]
    seed: Option<u64>,
}

impl Default for Args {
    fn default() -> Self {
        Self { rounds: None, seconds: 300, only: None, binary: None, seed: None }
    }
}

/// Runs the experiment.
///
/// # Errors
/// If it cannot be carried out.
pub async fn run(args: &Args) -> Result<Verdict> {
    let seed = args.seed.unwrap_or_else(|| rand::random_range(0..1_000_000));
    let binary = args.binary.clone().map_or_else(Binary::build, |file| Ok(Binary::in_file(file)))?;
    println!("real processes, seed {seed}");
    let plan = match &args.only {
        Some(text) => Plan::only(text, seed, args.rounds.unwrap_or(10)),
        None => Plan::by_seed(seed, args.rounds, Duration::from_secs(args.seconds)),
    };
    let report = experiment(&binary, plan).await?;
    println!("{report}");
    Ok(if report.failures().is_empty() { Verdict::Held } else { Verdict::Broken })
}
