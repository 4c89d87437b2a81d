//! `cargo xtask ci`.

use std::process::ExitCode;

use anyhow::Result;

use crate::{test, workspace};

/// Formatting, clippy, tests; the first that fails is the last that runs.
pub(crate) fn run() -> Result<ExitCode> {
    workspace::run(workspace::cargo().args(["fmt", "--all", "--check"]))?;
    workspace::run(workspace::cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    Ok(test::run(&[]))
}
