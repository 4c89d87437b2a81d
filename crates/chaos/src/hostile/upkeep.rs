use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// How long the release of resources may take: longer than any timeout of the server.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many more files than before an attack may still be open after it: honest users keep their connections
/// alive.
const MORE_FILES: usize = 20;
/// How much more memory than before may still be in use, in MiB: allocators keep some of it.
const MORE_MEMORY: u64 = 150;

/// The resources of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Upkeep {
    /// Open files, including connections.
    pub(super) files: usize,
    /// Resident memory, in MiB.
    pub(super) memory: u64,
}

impl Upkeep {
    /// The present usage of the process. Zero on systems without `/proc`.
    pub(super) fn of(pid: u32) -> Result<Self> {
        let process = PathBuf::from(format!("/proc/{pid}"));
        if !process.exists() {
            return Ok(Self { files: 0, memory: 0 });
        }
        let files = std::fs::read_dir(process.join("fd")).context("the files of the process")?.count();
        let status = std::fs::read_to_string(process.join("status")).context("the status of the process")?;
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("resident memory")?;
        let kib: u64 = resident.trim().trim_end_matches(" kB").parse().context("resident memory in kB")?;
        Ok(Self { files, memory: kib / 1024 })
    }

    /// Waits until the usage of the process is about as before. Returns the final usage and what is wrong
    /// with it.
    pub(super) async fn again(self, pid: u32) -> Result<(Self, Vec<String>)> {
        let began = Instant::now();
        loop {
            let now = Self::of(pid)?;
            if now.files <= self.files + MORE_FILES || began.elapsed() > PATIENCE {
                return Ok((now, self.findings(now)));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn findings(self, now: Self) -> Vec<String> {
        let mut findings = Vec::new();
        if now.files > self.files + MORE_FILES {
            findings.push(format!("{} files are still open, {} were before", now.files, self.files));
        }
        if now.memory > self.memory + MORE_MEMORY {
            findings.push(format!("{} MiB are still in use, {} were before", now.memory, self.memory));
        }
        findings
    }
}
