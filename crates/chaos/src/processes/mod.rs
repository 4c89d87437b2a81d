//! Real processes under load while they are killed, frozen, cut from one another, and made to die
//! between any two steps: the five services, MongoDB and NATS. Stripe, which is somebody else's,
//! only gets out of reach. Afterwards the books must be right.

mod binaries;
mod crash_points;
mod experiment;
mod fault;
mod inflict;
mod links;
mod load;
mod part;
mod probe;
mod reconcile;
mod report;
mod round;
mod system;
mod table;

pub use binaries::Binaries;
pub use experiment::{Plan, experiment};
pub use fault::Fault;
pub use links::Link;
pub use part::{Part, Service};
pub use report::Report;
pub use round::Round;

use std::time::Duration;

use anyhow::Result;

use crate::Verdict;

/// What can be asked of it.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Stop after this many faults
    #[arg(long)]
    rounds: Option<usize>,
    /// Go on for at least this long; in any case until every crash point was passed
    #[arg(long, default_value_t = 300)]
    seconds: u64,
    /// Decides what happens when; chosen at random by default
    #[arg(long)]
    seed: Option<u64>,
}

impl Default for Args {
    fn default() -> Self {
        Self { rounds: None, seconds: 300, seed: None }
    }
}

/// Runs it.
///
/// # Errors
/// If it could not be carried out.
pub async fn run(args: &Args) -> Result<Verdict> {
    let seed = args.seed.unwrap_or_else(|| rand::random_range(0..1_000_000));
    let binaries = Binaries::build()?;
    println!("real processes, seed {seed}");
    let plan = Plan::by_seed(seed, args.rounds, Duration::from_secs(args.seconds));
    let report = experiment(&binaries, plan).await?;
    println!("{report}");
    Ok(if report.failures().is_empty() { Verdict::Held } else { Verdict::Broken })
}
