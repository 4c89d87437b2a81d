use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Where they are.
const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/mutants");
/// The one that the others build on.
const BASE: &str = "base";
/// How a patch begins that says what is wrong with it.
const WRONG: &str = "Wrong: ";

/// A deliberate fault in our source, as a patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// The name of its file, and of the fault in it.
    pub name: String,
    /// What is wrong, in a few words.
    pub wrong: String,
    file: PathBuf,
}

impl Patch {
    /// All faults.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn all() -> Result<Vec<Self>> {
        let files = fs::read_dir(DIRECTORY).context(DIRECTORY)?;
        let mut all = files.map(|file| Self::read(file?.path())).collect::<Result<Vec<_>>>()?;
        all.retain(|patch| patch.name != BASE);
        all.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(all)
    }

    /// The patch that gives the source what the faults ask whether they are wanted.
    pub(super) fn base() -> Result<Self> {
        Self::read(Path::new(DIRECTORY).join(BASE).with_extension("patch"))
    }

    fn read(file: PathBuf) -> Result<Self> {
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let wrong = text.lines().next().and_then(|line| line.strip_prefix(WRONG)).unwrap_or_default().to_owned();
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        ensure!(!wrong.is_empty() || name == BASE, "{} does not begin with {WRONG:?}", file.display());
        Ok(Self { name, wrong, file })
    }

    /// Makes its change to the source in `tree`.
    pub(super) fn apply(&self, tree: &Path) -> Result<()> {
        let mut apply = Command::new("git");
        // A tree in another's directory of builds must not be taken for a part of that.
        apply.current_dir(tree).env("GIT_CEILING_DIRECTORIES", tree.parent().unwrap_or(tree));
        let output = apply.arg("apply").arg(&self.file).output().context("git does not run")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{} does not apply any more: {}", self.file.display(), said.trim());
        Ok(())
    }
}
