//! Builds of programs that an experiment needs besides the product.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The workspace's directory.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate lies in a workspace").to_owned()
}

/// Cargo's target directory.
pub(crate) fn target_directory() -> PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR");
    named.map_or_else(|| workspace().join("target"), |named| workspace().join(named))
}

/// How to build a program.
pub(crate) struct Build<'a> {
    /// The workspace.
    pub(crate) source: &'a Path,
    /// The packages and features to build.
    pub(crate) selection: &'a [&'a str],
    /// The program's name.
    pub(crate) name: &'a str,
    /// The directory for the program within the target directory. Dependencies are shared with all other
    /// builds as far as they are the same, and no other program is replaced.
    pub(crate) apart: &'a str,
}

/// Everything, and a test, the smallest of all. With one among what is built, the dependencies have the features that
/// tests ask for, as in the test command, so that they are not compiled once more.
pub(crate) const AS_FOR_TESTS: [&str; 3] = ["--workspace", "--test", "repeats"];

/// Builds a program, optimised if this one is; returns its file. Whatever else runs goes first: tests beside it wait for
/// servers, which would not answer in time.
///
/// # Errors
/// If it cannot be built.
pub(crate) fn build(Build { source, selection, name, apart }: Build) -> Result<PathBuf> {
    let (profile, folder) = if cfg!(debug_assertions) { ("dev", "debug") } else { ("release", "release") };
    let (shared, own) = (target_directory(), target_directory().join(apart));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new("nice");
    build.args(["-n", "10"]).arg(cargo);
    build.current_dir(source).env("CARGO_TARGET_DIR", &own).env("CARGO_BUILD_BUILD_DIR", shared);
    build.args(["build", "--profile", profile, "--bin", name]).args(selection);
    ensure!(build.status().context("cargo does not run")?.success(), "{name} cannot be built");
    Ok(own.join(folder).join(name))
}
