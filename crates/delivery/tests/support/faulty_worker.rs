//! A worker for tests, which does what its first argument says: the work, or something that a parser could do instead.

use std::io::{self, Write};
use std::process::{Command, ExitCode};

use delivery::worker::{BRIEFLY, Look, run_worker};
use rustix::process::{Resource, getrlimit};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let look = arguments.pop_if(|last| *last == BRIEFLY).map_or(Look::Whole, |_| Look::Brief);
    let done = match arguments.as_slice() {
        ["inspect"] => run_worker(look, io::stdin().lock(), io::stdout().lock()),
        ["hang", pid_file] => hang(pid_file),
        ["spin"] => loop {
            std::hint::spin_loop();
        },
        ["crash"] => read_all().map(|()| std::process::abort()),
        ["overflow"] => read_all().map(|()| println!("{}", nested(0))),
        ["flood"] => flood(),
        ["gibberish"] => read_all().and_then(|()| io::stdout().write_all(b"<html>")),
        ["environment"] => environment(),
        ["group"] => group(),
        ["escape"] => escape(),
        ["memory"] => memory(),
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

/// Succeeds with an answer if it has been told nothing of its parent, only how to allocate.
fn environment() -> io::Result<()> {
    read_all()?;
    let told: Vec<_> = std::env::vars_os().map(|(name, _)| name).collect();
    answer_if(told == ["MIMALLOC_ARENA_EAGER_COMMIT"])
}

/// Succeeds with an answer if it leads its group.
fn group() -> io::Result<()> {
    read_all()?;
    answer_if(rustix::process::getpgrp() == rustix::process::getpid())
}

/// Succeeds with an answer if nothing is possible after the work that was possible before.
fn escape() -> io::Result<()> {
    let can = || {
        let opens = std::fs::File::open("/proc/self/maps").is_ok() || std::net::UdpSocket::bind("127.0.0.1:0").is_ok();
        // Root may start processes whatever the limits are; without a file of a library they come to nothing.
        opens || Command::new("/bin/true").status().is_ok_and(|status| status.success())
    };
    let could = can();
    run_worker(Look::Whole, io::stdin().lock(), io::sink())?;
    answer_if(could && !can())
}

/// Does the work, and then says in place of a code how much memory it may take.
fn memory() -> io::Result<()> {
    run_worker(Look::Whole, io::stdin().lock(), io::sink())?;
    let limit = getrlimit(Resource::Data).current.unwrap_or(u64::MAX);
    let code = format!(r#"{{"symbology":"qr","text":"{limit}"}}"#);
    write!(io::stdout(), r#"{{"inspected":{{"kind":"pdf","codes":[{code}]}}}}"#)
}

fn answer_if(is_right: bool) -> io::Result<()> {
    if is_right { io::stdout().write_all(br#"{"refused":"empty"}"#) } else { Err(io::Error::other("it is not right")) }
}
