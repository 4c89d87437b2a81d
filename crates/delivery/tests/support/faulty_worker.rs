//! A worker for tests, which does what its first argument says: the work, or something that a parser could do instead.

use std::io::{self, Read, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["inspect"] => delivery::worker::run_worker(io::stdin().lock(), io::stdout().lock()),
        ["hang", pid_file] => hang(pid_file),
        ["spin"] => loop {
            std::hint::spin_loop();
        },
        ["crash"] => read_all().map(|()| std::process::abort()),
        ["overflow"] => read_all().map(|()| println!("{}", nested(0))),
        ["flood"] => flood(),
        ["gibberish"] => read_all().and_then(|()| io::stdout().write_all(b"<html>")),
        ["environment"] => environment(),
        _ => Err(io::Error::other("it is not known what to do")),
    };
    if done.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read_all() -> io::Result<()> {
    io::copy(&mut io::stdin().lock(), &mut io::sink()).map(|_| ())
}

/// Says who hangs, then reads nothing and does nothing.
fn hang(pid_file: &str) -> io::Result<()> {
    std::fs::write(pid_file, std::process::id().to_string())?;
    loop {
        std::thread::park();
    }
}

/// Ends when the stack does.
#[expect(unconditional_recursion, reason = "this is what it is for")]
fn nested(depth: u64) -> u64 {
    std::hint::black_box(nested(std::hint::black_box(depth + 1))) + depth
}

/// Writes without end, and without reading.
fn flood() -> io::Result<()> {
    loop {
        io::stdout().write_all(&[b'x'; 64 * 1024])?;
    }
}

/// Succeeds with an answer if it has been told nothing of its parent.
fn environment() -> io::Result<()> {
    let mut file = Vec::new();
    io::stdin().read_to_end(&mut file)?;
    if std::env::vars_os().next().is_some() {
        return Err(io::Error::other("there is an environment"));
    }
    io::stdout().write_all(br#"{"refused":"empty"}"#)
}
