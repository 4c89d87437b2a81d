use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The directory of the patches.
const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/mutants");
/// The patch that the others build on.
const BASE: &str = "base";
/// The prefix of the line of a patch that describes its fault.
const WRONG: &str = "Wrong: ";
/// The prefix of the next line, which names the invariants of which it must violate one.
const BREAKS: &str = "Breaks: ";

/// A deliberate fault in the source, as a patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// The name of its file, and of the fault.
    pub name: String,
    /// A short description of the fault.
    pub wrong: String,
    /// The invariants of which it must violate one.
    pub breaks: Vec<String>,
    file: PathBuf,
}

impl Patch {
    /// All faults.
    ///
    /// # Errors
    /// If the patches cannot be read.
    pub fn all() -> Result<Vec<Self>> {
        let files = fs::read_dir(DIRECTORY).context(DIRECTORY)?;
        let mut all = files.map(|file| Self::read(file?.path())).collect::<Result<Vec<_>>>()?;
        all.retain(|patch| patch.name != BASE);
        all.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(all)
    }

    /// The patch that adds the function by which the faults check whether they are active.
    pub(super) fn base() -> Result<Self> {
        Self::read(Path::new(DIRECTORY).join(BASE).with_extension("patch"))
    }

    fn read(file: PathBuf) -> Result<Self> {
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let mut head = text.lines();
        let wrong = head.next().and_then(|line| line.strip_prefix(WRONG)).unwrap_or_default().to_owned();
        let breaks = head.next().and_then(|line| line.strip_prefix(BREAKS)).unwrap_or_default();
        let breaks: Vec<String> = breaks.split(", ").filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        ensure!(
            name == BASE || !(wrong.is_empty() || breaks.is_empty()),
            "{} does not begin with lines {WRONG:?} and {BREAKS:?}",
            file.display()
        );
        Ok(Self { name, wrong, breaks, file })
    }

    /// Applies it to the source in `tree`.
    pub(super) fn apply(&self, tree: &Path) -> Result<()> {
        let mut apply = Command::new("git");
        // A tree inside another repository's build directory must not be taken for a part of that
        // repository.
        apply.current_dir(tree).env("GIT_CEILING_DIRECTORIES", tree.parent().unwrap_or(tree));
        let output = apply.arg("apply").arg(&self.file).output().context("git does not run")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{} does not apply any more: {}", self.file.display(), said.trim());
        Ok(())
    }
}
