use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Stdio;

use tempfile::TempDir;

/// How many lines of each stream a failure message includes.
const LAST_WORDS: usize = 30;

/// The output of a program over all of its runs.
pub(super) struct Output {
    directory: TempDir,
}

impl Output {
    pub(super) fn new() -> Self {
        Self { directory: tempfile::tempdir().expect("a temporary directory can be made") }
    }

    /// Opens the files for appending.
    pub(super) fn sink(&self, name: &str) -> Stdio {
        let file = File::options().create(true).append(true).open(self.path(name));
        file.expect("the output can be kept").into()
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// The last lines of both streams.
    pub(super) fn last_words(&self) -> String {
        let end_of = |name| {
            let text = self.read(name);
            let lines: Vec<_> = text.lines().collect();
            lines[lines.len().saturating_sub(LAST_WORDS)..].join("\n")
        };
        format!("its stdout:\n{}\nits stderr:\n{}", end_of(super::program::STDOUT), end_of(super::program::STDERR))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }
}
