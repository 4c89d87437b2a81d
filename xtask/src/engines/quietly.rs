use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use indicatif::ProgressBar;

/// Runs a command behind a spinner, and shows its output only if it failed, with instructions.
pub(super) fn run(command: &mut Command, what: &str, remedy: &str) -> Result<()> {
    println!("{what}");
    let spinner = ProgressBar::new_spinner().with_message(what.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(100));
    let output = command.stdin(Stdio::null()).output().with_context(|| remedy.to_owned())?;
    spinner.finish_and_clear();
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{what} failed: {}\n({remedy})", said.trim());
    Ok(())
}
