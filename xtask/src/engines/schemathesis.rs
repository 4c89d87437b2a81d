use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::pip::run_quietly;
use crate::workspace;

/// Pinned with its dependencies, so that updates of those do not change the findings.
const REQUIREMENTS: [&str; 3] = ["schemathesis==4.32.5", "hypothesis==6.170.15", "jsonschema_rs==0.60.3"];

/// The executable, in a virtual environment that is created if needed.
pub(crate) fn obtain() -> Result<PathBuf> {
    let environment = workspace::engines().join("schemathesis");
    let file = environment.join("bin/schemathesis");
    if !file.is_file() {
        // Without its own pip, which Debian puts in a separate package.
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv", "--without-pip"]).arg(&environment);
        run_quietly(&mut venv, "making a virtual environment for schemathesis")?;
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "--python"]).arg(environment.join("bin/python")).args(["install", "--quiet"]);
        run_quietly(pip.args(REQUIREMENTS), "obtaining schemathesis")?;
    }
    Ok(file)
}
