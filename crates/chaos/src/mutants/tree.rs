//! A copy of the workspace that contains all faults, each of them inactive unless the process selects it.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::patch::Patch;
use crate::cargo::{self, Build};

/// Builds the simulation in the patched copy; returns the program.
pub(super) fn build() -> Result<PathBuf> {
    let directory = cargo::target_directory().join("mutants");
    let tree = directory.join("tree");
    replace(&tree, &patched(&directory)?)?;
    println!("building a copy of the product, with deliberate faults");
    cargo::build(Build { source: &tree, selection: &cargo::AS_FOR_TESTS, name: "chaos", apart: "mutants" })
}

/// Creates the copy in `directory`; returns its path.
pub(super) fn patched(directory: &Path) -> Result<PathBuf> {
    fs::create_dir_all(directory)?;
    let fresh = directory.canonicalize()?.join("fresh");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    for file in source()? {
        copy(&cargo::workspace().join(&file), &fresh.join(&file))?;
    }
    Patch::base()?.apply(&fresh)?;
    for patch in Patch::all()? {
        patch.apply(&fresh)?;
    }
    Ok(fresh)
}

/// Every file that is in the repository, or is neither committed nor ignored.
fn source() -> Result<Vec<PathBuf>> {
    let mut list = Command::new("git");
    list.current_dir(cargo::workspace()).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let output = list.output().context("git does not run")?;
    ensure!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr));
    let names = output.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    let files = names.map(|name| PathBuf::from(OsStr::from_bytes(name)));
    // Files that were deleted without a commit are listed, too.
    Ok(files.filter(|file| cargo::workspace().join(file).is_file()).collect())
}

/// Makes `tree` equal to `fresh`, which is removed. Unchanged files are not touched, so that they are not
/// compiled again.
fn replace(tree: &Path, fresh: &Path) -> Result<()> {
    let wanted = files_in(fresh)?;
    for file in &wanted {
        let (from, to) = (fresh.join(file), tree.join(file));
        if fs::read(&to).ok() != Some(fs::read(&from)?) {
            copy(&from, &to)?;
        }
    }
    if tree.exists() {
        for old in files_in(tree)?.difference(&wanted) {
            fs::remove_file(tree.join(old))?;
        }
    }
    Ok(fs::remove_dir_all(fresh)?)
}

/// All files below a directory, as relative paths.
fn files_in(directory: &Path) -> Result<BTreeSet<PathBuf>> {
    let (mut files, mut directories) = (BTreeSet::new(), vec![directory.to_owned()]);
    while let Some(next) = directories.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                directories.push(path);
            } else {
                files.insert(path.strip_prefix(directory)?.to_owned());
            }
        }
    }
    Ok(files)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::copy(from, to).with_context(|| from.display().to_string())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_patch_applies_to_the_present_source() {
        let directory = tempfile::tempdir().expect("a directory");
        let tree = patched(directory.path()).expect("patches that apply");
        assert!(tree.join("Cargo.toml").exists());
    }
}
