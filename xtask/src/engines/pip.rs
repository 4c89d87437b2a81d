use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::quietly;

/// What to do where there is no pip.
const NO_PIP: &str = "python3 with pip is needed (Debian: apt-get install python3-pip)";

/// Unpacks one package, whose requirement pins its hash, into a directory of its own.
pub(super) fn install(name: &str, requirement: &str, target: &Path) -> Result<()> {
    if target.exists() {
        fs::remove_dir_all(target)?;
    }
    fs::create_dir_all(target)?;
    let requirements = target.join("requirements.txt");
    fs::write(&requirements, requirement)?;
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"])
        .arg("--target")
        .arg(target)
        .arg("--requirement")
        .arg(&requirements);
    run_quietly(&mut pip, &format!("obtaining {name}"))
}

/// Runs a command of Python's.
pub(super) fn run_quietly(command: &mut Command, what: &str) -> Result<()> {
    quietly::run(command, what, NO_PIP)
}
