//! One server of each kind for a whole test run.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::memory_disk;

/// The environment variables with the servers' addresses.
pub(crate) const ADDRESSES: [&str; 2] = ["MONGODB_URI", "NATS_URL"];

/// Whether the variables are set, so that the servers are run elsewhere.
pub(crate) fn are_given() -> bool {
    ADDRESSES.iter().all(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// The program `engines` of testkit, which runs the servers until it is dropped or this process ends.
pub(crate) struct Servers {
    process: Child,
    addresses: Vec<(String, String)>,
}

impl Servers {
    /// Launches the servers whose address is not set. Testkit must have been built.
    pub(crate) fn launch() -> Result<Self> {
        let program = env::current_exe()?.with_file_name("engines");
        let mut engines = Command::new(&program);
        if let Some(disk) = memory_disk::find() {
            engines.env("TMPDIR", disk);
        }
        let mut process = engines
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} does not run", program.display()))?;
        let output = process.stdout.take().context("its output is piped")?;
        let mut addresses = Vec::new();
        for line in BufReader::new(output).lines().take(ADDRESSES.len()) {
            let line = line?;
            let (name, value) = line.split_once('=').with_context(|| format!("engines printed {line:?}"))?;
            addresses.push((name.to_owned(), value.to_owned()));
        }
        ensure!(addresses.len() == ADDRESSES.len(), "the servers did not start; the reason is above");
        Ok(Self { process, addresses })
    }

    /// The environment variables for tests.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = (String, String)> {
        self.addresses.iter().cloned()
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        // Closes its input, which ends it.
        let _ = self.process.wait();
    }
}
