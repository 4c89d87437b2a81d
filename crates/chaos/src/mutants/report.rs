use super::{Hunt, Search};

/// Prints which fault was detected by which invariant, as a table in Markdown.
pub(super) fn print(hunts: &[Hunt], without_fault: &Search) {
    println!("| Fault | Must break | Caught by | After seeds | First violation |");
    println!("|---|---|---|---:|---|");
    for hunt in hunts {
        println!("{}", row(hunt));
    }
    println!();
    let seeds = without_fault.seeds;
    match &without_fault.caught {
        None => println!("The same {seeds} seeds without a fault: everything held."),
        Some(caught) => println!("Without a fault seed {} violates {}: {}", seeds - 1, caught.by, caught.seen),
    }
}

fn row(hunt: &Hunt) -> String {
    let Hunt { mutant, search } = hunt;
    let (by, seen) = match &search.caught {
        Some(caught) => (caught.by.clone(), caught.seen.as_str()),
        None => (format!("NOTHING{}", but_for(search)), ""),
    };
    let breaks = mutant.breaks().join(", ");
    format!("| `{}`: {} | {breaks} | {by} | {} | {seen} |", mutant.name(), mutant.wrong(), search.seeds)
}

/// What was violated that does not count.
pub(super) fn but_for(search: &Search) -> String {
    if search.others.is_empty() {
        return String::new();
    }
    let others: Vec<&str> = search.others.iter().map(String::as_str).collect();
    format!(" but for {}", others.join(", "))
}
