use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use testkit::process::{Program, Server};

/// Long enough that nothing expires under attack.
const RESERVATION: &str = "2h";

/// The whole marketplace as one process, on data of its own.
pub(super) struct Product {
    pub(super) server: Server,
    _data: tempfile::TempDir,
}

impl Product {
    /// Running and ready.
    pub(super) async fn launch(executable: &Path) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let program = Program::new(executable).env("DATA_DIR", data.path()).env("RESERVATION_WINDOW", RESERVATION);
        Ok(Self { server: Server::launch(program).await, _data: data })
    }

    /// Running and ready, with no more than so many files.
    pub(super) async fn launch_with_files(executable: &Path, files: u32) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let script = format!("ulimit -n {files} && exec \"$0\"");
        let program = Program::new("/bin/sh").arg("-c").arg(script).arg(executable);
        let program = program.env("DATA_DIR", data.path()).env("RESERVATION_WINDOW", RESERVATION);
        Ok(Self { server: Server::launch(program).await, _data: data })
    }
}

/// Builds it, optimised if we are.
pub(super) fn build() -> Result<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).context("the workspace's directory")?;
    let (profile, directory) = if cfg!(debug_assertions) { ("dev", "debug") } else { ("release", "release") };
    println!("building the product");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(workspace).args(["build", "--profile", profile, "-p", "server", "--bin", "ticketing"]);
    ensure!(build.status().context("cargo does not run")?.success(), "the product cannot be built");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    Ok(workspace.join(target).join(directory).join("ticketing"))
}
