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
    let held = match (args.seed, args.seeds) {
        (Some(seed), None) => one(seed),
        (first, count) => many(first.unwrap_or(0), count.unwrap_or(SEEDS)),
    };
    Ok(if held { Verdict::Held } else { Verdict::Broken })
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

fn many(first: u64, count: u64) -> bool {
    let progress = Progress::begin(first, count);
    let failures = run_seeds(first..first.saturating_add(count), |outcome| {
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
