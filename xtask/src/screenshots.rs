//! `cargo xtask screenshots`.

use std::env;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::{engines, workspace};

/// Runs the program `screenshots` of testkit, which launches `ticketing`.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    engines::browser::obtain()?;
    // Both in one invocation, so that they are built with the same features of the dependencies.
    let programs = ["--package", "server", "--bin", "ticketing", "--package", "testkit", "--bin", "screenshots"];
    workspace::run(workspace::cargo().arg("build").args(programs))?;
    let program = env::current_exe()?.with_file_name("screenshots");
    workspace::run(Command::new(program).args(arguments).current_dir(workspace::root()))?;
    Ok(ExitCode::SUCCESS)
}
