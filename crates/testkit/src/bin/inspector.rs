//! Looks at one file that a seller has uploaded, as `ticketing inspect-file` does: tests have no other program.

use delivery::worker::{BRIEFLY, Look, run_worker};

fn main() -> std::io::Result<()> {
    let look = if std::env::args().any(|argument| argument == BRIEFLY) { Look::Brief } else { Look::Whole };
    run_worker(look, std::io::stdin(), std::io::stdout())
}
