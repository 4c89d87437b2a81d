use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, ensure};

use super::{pip, quietly};
use crate::workspace;

/// The programs that tests of the pages need, and the environment variables with their paths.
const PROGRAMS: [(&str, &str); 2] = [("chromium", "CHROMIUM_BIN"), ("chromedriver", "CHROMEDRIVER_BIN")];

const BY_HAND: &str = "install Chromium with its driver so that both are on the PATH \
    (Debian: apt-get install chromium chromium-driver), or set CHROMIUM_BIN and CHROMEDRIVER_BIN to the files";

/// The package that contains axe-core 4.12.1 as one file.
const AXE: &str = "axe-playwright-python==0.1.8 \
    --hash=sha256:fdd263c998388f1a8e67cad02677e612d946248bd44d163be5e8650ea31f95f8";

/// Ensures that Chromium, its driver and axe-core are installed.
pub(crate) fn obtain() -> Result<()> {
    for (name, variable) in PROGRAMS {
        if find(name, variable)?.is_none() {
            install()?;
        }
        let file = find(name, variable)?.with_context(|| format!("there is no {name}: {BY_HAND}"))?;
        println!("{name}: {}", file.display());
    }
    println!("axe-core: {}", axe()?.display());
    Ok(())
}

/// Looks where `testkit::engines` looks: the variable, the `PATH`.
fn find(name: &str, variable: &str) -> Result<Option<PathBuf>> {
    if let Some(named) = env::var_os(variable).filter(|path| !path.is_empty()) {
        let named = PathBuf::from(named);
        ensure!(named.is_file(), "{variable} is set to {}, which is not a file", named.display());
        return Ok(Some(named));
    }
    let path = env::var_os("PATH").unwrap_or_default();
    Ok(env::split_paths(&path).map(|directory| directory.join(name)).find(|file| file.is_file()))
}

/// From Debian's packages, which only root may install.
fn install() -> Result<()> {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
    ensure!(is_root && Path::new("/usr/bin/apt-get").is_file(), "there is no Chromium: {BY_HAND}");
    quietly::run(apt_get().arg("update"), "looking for Debian's Chromium", BY_HAND)?;
    let packages = ["chromium", "chromium-driver"];
    let mut installation = apt_get();
    installation.args(["install", "--yes", "--no-install-recommends"]).args(packages);
    quietly::run(&mut installation, "installing Debian's Chromium", BY_HAND)
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet");
    command
}

fn axe() -> Result<PathBuf> {
    let file = workspace::engines().join("axe.min.js");
    if !file.is_file() {
        let unpacked = workspace::engines().join("unpacked/axe-core");
        pip::install("axe-core", AXE, &unpacked)?;
        // Renamed into place, so that an interrupted download is never taken for the file.
        fs::rename(unpacked.join("axe_playwright_python/axe.min.js"), &file)?;
        fs::remove_dir_all(&unpacked)?;
    }
    Ok(file)
}
