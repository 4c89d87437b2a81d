use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Where a server keeps its data.
pub(super) enum Home {
    /// The caller's directory; it is kept.
    Kept(PathBuf),
    /// A temporary directory; it is removed with the server.
    Temporary(TempDir),
}

impl Home {
    pub(super) fn kept(directory: &Path) -> Self {
        fs::create_dir_all(directory).expect("the server's directory can be made");
        Self::Kept(directory.to_owned())
    }

    pub(super) fn temporary() -> Self {
        let directory = tempfile::Builder::new().prefix("engine-").tempdir();
        Self::Temporary(directory.expect("a temporary directory can be made"))
    }

    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Temporary(directory) => directory.path(),
        }
    }

    /// The directory to remove with the server.
    pub(super) fn temporary_path(&self) -> Option<&Path> {
        match self {
            Self::Kept(_) => None,
            Self::Temporary(directory) => Some(directory.path()),
        }
    }
}
