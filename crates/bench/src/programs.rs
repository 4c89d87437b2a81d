//! Builds and installs everything the benchmark needs.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use testkit::process::Program;

/// Builds the product from the present source, optimised and as it is deployed.
///
/// # Errors
/// If that fails; the compiler has printed the reason.
pub(crate) fn build_product() -> Result<Program> {
    // Separately: together with this program it would be built with features that only this one needs.
    run(cargo().args(["build", "--release", "--package", "server", "--features", "cluster", "--bin", "ticketing"]))?;
    Ok(Program::new(target().join("release/ticketing")))
}

/// Installs MongoDB and NATS, if they are missing.
///
/// # Errors
/// If they cannot be installed; the reason is printed.
pub(crate) fn obtain_engines() -> Result<()> {
    if ["mongod", "nats-server"].iter().all(|name| is_there(name)) {
        return Ok(());
    }
    run(cargo().args(["xtask", "engines"]))
}

/// The directory in which the launchers of testkit look.
fn is_there(name: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).chain([target().join("engines/bin")]).any(|directory| directory.join(name).is_file())
}

/// A temporary directory on the disk of the build, since `/tmp` may be in memory: what is measured has to
/// write to a real disk.
///
/// # Errors
/// If it cannot be created.
pub(crate) fn scratch() -> Result<tempfile::TempDir> {
    let directory = tempfile::Builder::new().prefix("bench-").tempdir_in(target());
    directory.context("cannot make a directory for the data")
}

/// `target`, where cargo has put this program.
fn target() -> PathBuf {
    let own = env::current_exe().ok();
    let beside = own.as_deref().and_then(Path::parent).and_then(Path::parent).map(Path::to_owned);
    beside.unwrap_or_else(|| root().join("target"))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{:?} does not run", command.get_program()))?;
    ensure!(status.success(), "{:?} failed", command);
    Ok(())
}
