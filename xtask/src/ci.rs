//! `cargo xtask ci`.

use std::process::ExitCode;

use anyhow::Result;

use crate::{dependencies, test, workspace};

/// Formatting, clippy, dependencies, tests; the first that fails is the last that runs.
pub(crate) fn run() -> Result<ExitCode> {
    workspace::run(workspace::cargo().args(["fmt", "--all", "--check"]))?;
    workspace::run(workspace::cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    dependencies::run()?;
    Ok(test::run(&[]))
}
