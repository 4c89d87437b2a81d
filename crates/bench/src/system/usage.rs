use std::time::Duration;

use anyhow::{Context, Result};
use procfs::process::Process;
use serde::Serialize;

/// The name of the load generator.
pub(crate) const GENERATOR: &str = "bench";
/// The name of the simulated bank.
pub(crate) const BANK: &str = "bank";

/// The CPU time of a process.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Share {
    /// The process.
    pub(crate) process: String,
    /// Microseconds per operation.
    pub(crate) micros: f64,
}

impl Share {
    /// `total` divided by `operations`.
    pub(crate) fn of(process: impl Into<String>, total: Duration, operations: u64) -> Self {
        Self { process: process.into(), micros: total.as_secs_f64() * 1e6 / operations.max(1) as f64 }
    }
}

/// Measures the CPU time of processes between two moments.
pub(crate) struct Meter {
    before: Vec<(String, u32, Duration)>,
}

impl Meter {
    /// Begins to measure these processes and our own.
    ///
    /// # Errors
    /// If one of them does not run.
    pub(crate) fn start(processes: &[(&'static str, u32)]) -> Result<Self> {
        let own = (GENERATOR, std::process::id());
        let all = processes.iter().chain([&own]);
        let before = all.map(|(name, pid)| Ok(((*name).to_owned(), *pid, cpu_time(*pid)?)));
        Ok(Self { before: before.collect::<Result<_>>()? })
    }

    /// Their CPU time since, for each of so many operations.
    ///
    /// # Errors
    /// If one of them does not run any more.
    pub(crate) fn shares(&self, operations: u64) -> Result<Vec<Share>> {
        let shares = self.before.iter().map(|(name, pid, before)| {
            let took = cpu_time(*pid)?.saturating_sub(*before);
            Ok(Share::of(name.as_str(), took, operations))
        });
        shares.collect()
    }
}

/// The total CPU time of a process, in user and in system mode, all of its threads, and of the processes that it has
/// started and that have ended: delivery looks at each file in one.
fn cpu_time(pid: u32) -> Result<Duration> {
    let stat = process(pid)?.stat()?;
    let ticks = stat.utime + stat.stime + u64::try_from(stat.cutime + stat.cstime)?;
    Ok(Duration::from_secs_f64(ticks as f64 / procfs::ticks_per_second() as f64))
}

/// The resident memory of a process, in MiB.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Usage {
    /// The process.
    pub(crate) process: String,
    /// Now.
    pub(crate) resident_mib: f64,
    /// The maximum so far.
    pub(crate) peak_mib: f64,
}

impl Usage {
    /// The memory of a process.
    ///
    /// # Errors
    /// If it does not run.
    pub(crate) fn of(name: &str, pid: u32) -> Result<Self> {
        let status = process(pid)?.status()?;
        let mib = |kib: Option<u64>| kib.map(|kib| kib as f64 / 1024.0).context("a process without memory");
        Ok(Self { process: name.to_owned(), resident_mib: mib(status.vmrss)?, peak_mib: mib(status.vmhwm)? })
    }
}

/// How many bytes a process has had written to disks.
///
/// # Errors
/// If it does not run.
pub(super) fn written(pid: u32) -> Result<u64> {
    Ok(process(pid)?.io()?.write_bytes)
}

fn process(pid: u32) -> Result<Process> {
    Process::new(i32::try_from(pid)?).with_context(|| format!("process {pid} is gone"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_the_time_divided_by_the_operations() {
        let share = Share::of("orders", Duration::from_millis(500), 1000);
        assert_eq!(share, Share { process: "orders".into(), micros: 500.0 });
        assert_eq!(Share::of("orders", Duration::from_millis(1), 0).micros, 1000.0);
    }

    #[test]
    fn our_own_process_has_memory_and_takes_time() {
        let meter = Meter::start(&[]).expect("we run");
        let usage = Usage::of("bench", std::process::id()).expect("we run");
        assert!(usage.peak_mib >= usage.resident_mib && usage.resident_mib > 0.1, "{usage:?}");
        let shares = meter.shares(1).expect("we run");
        assert_eq!(shares.len(), 1);
        assert_eq!(shares[0].process, GENERATOR);
    }
}
