//! Looks at one file that a seller has uploaded, as `ticketing inspect-file` does: tests have no other program.

fn main() -> std::io::Result<()> {
    delivery::worker::run_worker(std::io::stdin(), std::io::stdout())
}
