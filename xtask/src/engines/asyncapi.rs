use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::quietly;
use crate::workspace;

/// What the makers of AsyncAPI read its documents with.
const PARSER: &str = "@asyncapi/parser@3.6.6";

/// The directory that has the parser in its `node_modules`.
pub(crate) fn obtain() -> Result<PathBuf> {
    let place = workspace::engines().join("asyncapi");
    if !place.is_dir() {
        let unfinished = workspace::engines().join("asyncapi.unfinished");
        fs::create_dir_all(&unfinished)?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]).arg(&unfinished).arg(PARSER);
        quietly::run(&mut npm, "obtaining AsyncAPI's parser", "node with npm is needed (Debian: apt-get install npm)")?;
        fs::rename(&unfinished, &place)?;
    }
    Ok(place)
}
