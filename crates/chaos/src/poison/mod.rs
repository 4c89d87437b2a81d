//! Poison: unprocessable messages among good ones.
//!
//! The whole product trades tickets in this process while unprocessable messages are published on every
//! stream, and is restarted several times meanwhile. In the end each of them must be among the dead letters
//! exactly once for each consumer that has to reject it, and every good event must be processed.

mod effects;
mod engines;
mod hurried;
mod letters;
mod mend;
mod raw;
mod recipe;
mod sessions;
mod system;
mod trade;
mod trial;

use std::time::Duration;

use anyhow::Result;

use crate::Verdict;
pub use engines::Kind;
pub use trial::{Amounts, Outcome, play};

/// The options of this experiment.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// How many good events, about
    #[arg(long, default_value_t = AMOUNTS.good)]
    good: usize,
    /// How many messages that nobody can process
    #[arg(long, default_value_t = AMOUNTS.poison)]
    poison: usize,
}

const AMOUNTS: Amounts = Amounts { good: 10_000, poison: 100 };

/// Good events count as delayed if they take this many times as long with poison, and this much longer,
/// which allows for a busy machine.
const UNDULY: (u32, Duration) = (3, Duration::from_secs(10));

impl Default for Args {
    fn default() -> Self {
        Self { good: AMOUNTS.good, poison: AMOUNTS.poison }
    }
}

/// Runs the experiment.
///
/// # Errors
/// If it cannot be carried out.
pub async fn run(args: &Args) -> Result<Verdict> {
    println!(
        "{:<12}{:>8}{:>8}{:>14}{:>16}{:>14}",
        "poison", "good", "poison", "dead letters", "without poison", "with poison"
    );
    let mut verdict = Verdict::Held;
    for kind in [Kind::Local, Kind::JetStream] {
        let clean = play(kind, Amounts { good: args.good, poison: 0 }).await?;
        let mut mixed = play(kind, Amounts { good: args.good, poison: args.poison }).await?;
        if mixed.took > clean.took * UNDULY.0 + UNDULY.1 {
            mixed.faults.push("the good ones were hindered".into());
        }
        let Outcome { good, poison, letters, took, .. } = mixed;
        let judgement = if clean.faults.is_empty() && mixed.faults.is_empty() { "held" } else { "BROKEN" };
        let seconds = |took: Duration| format!("{:.1} s", took.as_secs_f64());
        let (without, with) = (seconds(clean.took), seconds(took));
        println!("{kind:<12}{good:>8}{poison:>8}{letters:>14}{without:>16}{with:>14}  {judgement}");
        for fault in clean.faults.iter().chain(&mixed.faults) {
            println!("    {fault}");
            verdict = Verdict::Broken;
        }
    }
    Ok(verdict)
}
