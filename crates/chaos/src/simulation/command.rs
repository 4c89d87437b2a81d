use std::ops::Range;

use anyhow::Result;

use super::outcome::Outcome;
use super::progress::Progress;
use super::seed::run_seed;
use super::seeds::run_seeds;
use crate::Verdict;

/// The default number of seeds.
const SEEDS: u64 = 2_000;
/// The number of failures listed.
const LISTED: usize = 20;

/// The options of this experiment.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {
    /// How many seeds to run [default: 2000]
    #[arg(long)]
    pub seeds: Option<u64>,
    /// The seed to begin with; without --seeds the only one, whose story is printed
    #[arg(long)]
    pub seed: Option<u64>,
}

/// Runs the experiment.
///
/// # Errors
/// If it cannot be carried out.
pub async fn run(args: &Args) -> Result<Verdict> {
    let held = match args.wanted() {
        Wanted::Story(seed) => one(seed),
        Wanted::Many(seeds) => many(seeds),
    };
    Ok(if held { Verdict::Held } else { Verdict::Broken })
}

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    /// The history of one seed.
    Story(u64),
    /// Whether all these hold.
    Many(Range<u64>),
}

impl Args {
    fn wanted(&self) -> Wanted {
        match (self.seed, self.seeds) {
            (Some(seed), None) => Wanted::Story(seed),
            (first, count) => {
                let first = first.unwrap_or(0);
                Wanted::Many(first..first.saturating_add(count.unwrap_or(SEEDS)))
            }
        }
    }
}

fn one(seed: u64) -> bool {
    let outcome = run_seed(seed);
    print!("{}", outcome.story());
    let verdict = if outcome.held() { "everything held" } else { "NOT everything held" };
    let (events, lasted) = (outcome.events(), outcome.lasted.as_secs_f64());
    println!(
        "seed {seed}: {verdict}. {events} things happened in {lasted:.1} s. Fingerprint {:016x}",
        outcome.fingerprint
    );
    outcome.held()
}

fn many(seeds: Range<u64>) -> bool {
    let progress = Progress::begin(seeds.start, seeds.end - seeds.start);
    let failures = run_seeds(seeds, |outcome| {
        progress.done(outcome);
        if !outcome.held() {
            progress.say(format!("seed {}: {}", outcome.seed, broken(outcome)));
        }
    });
    println!("{}", progress.finish());
    report(&failures);
    failures.is_empty()
}

fn report(failures: &[Outcome]) {
    let Some(first) = failures.first() else { return };
    println!("{} of them violated an invariant:", failures.len());
    for outcome in failures.iter().take(LISTED) {
        println!("  seed {}: {}", outcome.seed, broken(outcome));
    }
    println!("The history of the first:\n\n{}", first.story());
    println!("Again: cargo run --release -p chaos -- simulate --seed {}", first.seed);
}

fn broken(outcome: &Outcome) -> String {
    let first = outcome.violations.first().map(|violation| format!("{}: {}", violation.invariant, violation.seen));
    let more = match outcome.violations.len() {
        0 | 1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    format!("{}{more}", first.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_many_seeds_can_begin_with_any_of_them() {
        let wanted = |seed, seeds| Args { seeds, seed }.wanted();
        assert_eq!(wanted(None, None), Wanted::Many(0..2_000));
        assert_eq!(wanted(None, Some(100_000)), Wanted::Many(0..100_000));
        assert_eq!(wanted(Some(61_234), Some(38_766)), Wanted::Many(61_234..100_000));
        assert_eq!(wanted(Some(44), None), Wanted::Story(44));
        assert_eq!(wanted(Some(44), Some(1)), Wanted::Many(44..45));
    }
}
