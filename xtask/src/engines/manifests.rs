use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};

use super::pip::run_quietly;
use crate::workspace;

/// A Python with the requirements of infra/check.py, in a virtual environment that is created if needed.
pub(crate) fn obtain() -> Result<PathBuf> {
    // Tests run this concurrently.
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let environment = workspace::engines().join("manifests");
    let python = environment.join("bin/python");
    let wanted = workspace::root().join("infra/requirements.txt");
    let requirements = fs::read(&wanted).with_context(|| wanted.display().to_string())?;
    // The requirements installed last, so that changes are noticed.
    let installed = environment.join("requirements.txt");
    if fs::read(&installed).is_ok_and(|installed| installed == requirements) {
        return Ok(python);
    }
    // Without its own pip, which Debian puts in a separate package.
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv", "--without-pip"]).arg(&environment);
    run_quietly(&mut venv, "making a virtual environment for the check of the manifests")?;
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "--python"]).arg(&python).args(["install", "--quiet", "--requirement"]).arg(&wanted);
    run_quietly(&mut pip, "obtaining the schemas of Kubernetes")?;
    fs::write(&installed, requirements)?;
    Ok(python)
}
