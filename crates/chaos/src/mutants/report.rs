use super::Hunt;
use crate::simulation::Outcome;

/// Prints who was caught by what, as a table in Markdown.
pub(super) fn print(hunts: &[Hunt], healthy: &[Outcome]) {
    println!("| Fault | Caught by | After seeds | What was seen first |");
    println!("|---|---|---:|---|");
    for hunt in hunts {
        println!("{}", row(hunt));
    }
    let seeds = hunts.iter().map(|hunt| hunt.seeds).max().unwrap_or(0);
    println!();
    match healthy {
        [] => println!("The same {seeds} seeds without a fault: everything held."),
        failures => println!("Of the same {seeds} seeds without a fault {} broke something:", failures.len()),
    }
    for outcome in healthy {
        for violation in &outcome.violations {
            println!("  seed {}: {}: {}", outcome.seed, violation.invariant, violation.seen);
        }
    }
}

fn row(hunt: &Hunt) -> String {
    let Hunt { mutant, seeds, caught } = hunt;
    let (by, seen) = match caught {
        Some(caught) => (caught.by.as_str(), caught.seen.as_str()),
        None => ("NOTHING", ""),
    };
    format!("| `{mutant:?}`: {} | {by} | {seeds} | {seen} |", mutant.describe())
}
