//! The programs of testkit that look at all pages.

use std::env;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::{engines, workspace};

/// Runs such a program, which launches `ticketing`.
pub(crate) fn run(name: &str, arguments: &[String]) -> Result<ExitCode> {
    engines::browser::obtain()?;
    // Both in one invocation, so that they are built with the same features of the dependencies.
    let programs = ["--package", "server", "--bin", "ticketing", "--package", "testkit", "--bin", name];
    workspace::run(workspace::cargo().arg("build").args(programs))?;
    let program = env::current_exe()?.with_file_name(name);
    workspace::run(Command::new(program).args(arguments).current_dir(workspace::root()))?;
    Ok(ExitCode::SUCCESS)
}
