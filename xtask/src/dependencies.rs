//! `cargo xtask dependencies`: what we depend on, held to `deny.toml`.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::{engines, workspace};

/// Checks licences, bans and sources, which need nothing but the registry; and advisories, where their database can
/// be reached. Where it cannot, a line says so.
pub(crate) fn run() -> Result<ExitCode> {
    println!("{}", check(&engines::obtain_cargo_deny()?)?);
    Ok(ExitCode::SUCCESS)
}

/// Returns what is to be said about advisories.
fn check(cargo_deny: &Path) -> Result<String> {
    workspace::run(deny(cargo_deny).args(["check", "--hide-inclusion-graph", "licenses", "bans", "sources"]))?;
    // Apart from the check, which fails in the same way if the database is away and if it says something.
    let fetched = deny(cargo_deny).args(["fetch", "db"]).output();
    let fetched = fetched.with_context(|| format!("{} does not run", cargo_deny.display()))?;
    if !fetched.status.success() {
        let said = String::from_utf8_lossy(&fetched.stderr);
        let why = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
        return Ok(format!(
            "NOT CHECKED: advisories (known vulnerabilities). Their database cannot be reached from here: {why}"
        ));
    }
    workspace::run(deny(cargo_deny).args(["check", "--disable-fetch", "advisories"]))?;
    Ok("advisories: none about what we depend on".to_owned())
}

/// Errors alone: of two versions of one crate, which cannot be helped, it would tell at length.
fn deny(cargo_deny: &Path) -> Command {
    let mut deny = Command::new(cargo_deny);
    deny.args(["--log-level", "error"]).current_dir(workspace::root());
    // A server that does not answer is away.
    deny.envs([("GIT_HTTP_LOW_SPEED_LIMIT", "1000"), ("GIT_HTTP_LOW_SPEED_TIME", "20")]);
    deny
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said if cargo-deny fails when its arguments match `failing`.
    fn checked(failing: &str) -> Result<String> {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("cargo-deny");
        let script = format!("#!/bin/sh\ncase \"$*\" in {failing}) echo 'no such host' >&2; exit 1 ;; esac\n");
        // By another process: a child of this one that is just being started would have it open, too, and what is open
        // for writing cannot be run.
        let write = "printf %s \"$1\" >\"$2\" && chmod 755 \"$2\"";
        let written = Command::new("sh").args(["-c", write, "sh", &script]).arg(&file).status().expect("a shell");
        assert!(written.success());
        check(&file)
    }

    #[test]
    fn advisories_that_could_not_be_checked_are_not_passed_over() {
        let said = checked("*fetch*").expect("everything else is well");
        assert!(said.starts_with("NOT CHECKED: advisories") && said.ends_with("no such host"), "{said}");
        assert_eq!(said.lines().count(), 1);
    }

    #[test]
    fn what_is_found_fails() {
        checked("*licenses*").expect_err("a licence");
        checked("*check*advisories*").expect_err("a vulnerability");
        assert!(checked("nothing").expect("all is well").starts_with("advisories: none"));
    }
}
