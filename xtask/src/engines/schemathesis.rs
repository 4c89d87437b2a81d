use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::pip::run_quietly;
use crate::workspace;

/// With what it generates and judges by, so that a new version of that finds nothing new.
const REQUIREMENTS: [&str; 3] = ["schemathesis==4.32.5", "hypothesis==6.170.15", "jsonschema_rs==0.60.3"];

/// The file, in a virtual environment made for it if there is none yet.
pub(crate) fn obtain() -> Result<PathBuf> {
    let environment = workspace::engines().join("schemathesis");
    let file = environment.join("bin/schemathesis");
    if !file.is_file() {
        // Without a pip of its own, which Debian has in a package that need not be there.
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv", "--without-pip"]).arg(&environment);
        run_quietly(&mut venv, "making a virtual environment for schemathesis")?;
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "--python"]).arg(environment.join("bin/python")).args(["install", "--quiet"]);
        run_quietly(pip.args(REQUIREMENTS), "obtaining schemathesis")?;
    }
    Ok(file)
}
