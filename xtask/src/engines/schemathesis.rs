use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::pip::run_quietly;
use crate::workspace;

const REQUIREMENT: &str = "schemathesis==4.32.5";

/// The file, in a virtual environment made for it if there is none yet.
pub(super) fn obtain() -> Result<PathBuf> {
    let environment = workspace::engines().join("schemathesis");
    let file = environment.join("bin/schemathesis");
    if !file.is_file() {
        let mut venv = Command::new("python3");
        run_quietly(venv.args(["-m", "venv"]).arg(&environment), "making a virtual environment for schemathesis")
            .context("Debian has venv in a package of its own: apt-get install python3-venv")?;
        let mut pip = Command::new(environment.join("bin/python"));
        run_quietly(pip.args(["-m", "pip", "install", "--quiet", REQUIREMENT]), "obtaining schemathesis")?;
    }
    Ok(file)
}
