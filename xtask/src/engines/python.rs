use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::pip::run_quietly;
use crate::workspace;

/// A Python that has these packages: an executable `python-with-NAME` that `testkit::engines` finds, in a virtual
/// environment that is created if needed.
pub(super) fn with(name: &str, what: &str, requirements: &[&str]) -> Result<PathBuf> {
    let file = workspace::engines().join("bin").join(format!("python-with-{name}"));
    if !file.is_file() {
        let environment = workspace::engines().join(what.replace(' ', "-"));
        let python = environment.join("bin/python");
        // Without its own pip, which Debian puts in a separate package.
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv", "--without-pip"]).arg(&environment);
        run_quietly(&mut venv, &format!("making a virtual environment for the {what}"))?;
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "--python"]).arg(&python).args(["install", "--quiet", "--no-deps"]);
        run_quietly(pip.args(requirements), &format!("obtaining the {what}"))?;
        // Not a link: where a Python is called from decides which packages it has.
        fs::create_dir_all(workspace::engines().join("bin"))?;
        let unfinished = file.with_extension("unfinished");
        fs::write(&unfinished, format!("#!/bin/sh\nexec '{}' \"$@\"\n", python.display()))?;
        fs::set_permissions(&unfinished, fs::Permissions::from_mode(0o755))?;
        fs::rename(&unfinished, &file)?;
    }
    Ok(file)
}
