use std::io::{self, ErrorKind};

use rustix::process::{Pid, Signal, kill_process};

/// SIGSTOP: the process answers nothing, and its connections stay open, until it is [thawed](thaw).
///
/// # Errors
/// If there is no such process.
pub fn freeze(pid: u32) -> io::Result<()> {
    send(pid, Signal::STOP)
}

/// SIGCONT: it goes on.
///
/// # Errors
/// If there is no such process.
pub fn thaw(pid: u32) -> io::Result<()> {
    send(pid, Signal::CONT)
}

fn send(pid: u32, signal: Signal) -> io::Result<()> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).ok_or(ErrorKind::InvalidInput)?;
    Ok(kill_process(pid, signal)?)
}
