use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};

use super::pip::run_quietly;
use crate::workspace;

/// A Python that has what infra/check.py needs, in a virtual environment made for it if there is none yet.
pub(crate) fn obtain() -> Result<PathBuf> {
    // Tests ask for it at the same time.
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let environment = workspace::engines().join("manifests");
    let python = environment.join("bin/python");
    let wanted = workspace::root().join("infra/requirements.txt");
    let requirements = fs::read(&wanted).with_context(|| wanted.display().to_string())?;
    // What was installed last, so that changed requirements are noticed.
    let installed = environment.join("requirements.txt");
    if fs::read(&installed).is_ok_and(|installed| installed == requirements) {
        return Ok(python);
    }
    // Without a pip of its own, which Debian has in a package that need not be there.
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv", "--without-pip"]).arg(&environment);
    run_quietly(&mut venv, "making a virtual environment for the check of the manifests")?;
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "--python"]).arg(&python).args(["install", "--quiet", "--requirement"]).arg(&wanted);
    run_quietly(&mut pip, "obtaining the schemas of Kubernetes")?;
    fs::write(&installed, requirements)?;
    Ok(python)
}
