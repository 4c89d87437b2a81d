//! Programs that an experiment builds apart from the product.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The directory of this workspace.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate lies in a workspace").to_owned()
}

/// Where cargo puts what it builds here.
pub(crate) fn target_directory() -> PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR");
    named.map_or_else(|| workspace().join("target"), |named| workspace().join(named))
}

/// Builds the program `name` of the workspace in `directory` with these features, optimised if we are,
/// and puts it into a directory of its own, named `apart`, where it replaces nothing that others use.
/// What is compiled on the way is shared with all other builds, where it is the same.
///
/// # Errors
/// If it cannot be built.
pub(crate) fn build(directory: &Path, name: &str, features: &[&str], apart: &str) -> Result<PathBuf> {
    let (profile, folder) = if cfg!(debug_assertions) { ("dev", "debug") } else { ("release", "release") };
    let (shared, own) = (target_directory(), target_directory().join(apart));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(directory).env("CARGO_TARGET_DIR", &own).env("CARGO_BUILD_BUILD_DIR", shared);
    // All packages, as in the test command, so that dependencies have the same features.
    build.args(["build", "--workspace", "--profile", profile, "--bin", name]);
    build.args(features.iter().flat_map(|feature| ["--features", feature]));
    ensure!(build.status().context("cargo does not run")?.success(), "{name} cannot be built in {}", directory.display());
    Ok(own.join(folder).join(name))
}
