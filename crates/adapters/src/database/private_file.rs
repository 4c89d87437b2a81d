//! Files that only the user of the process may read: they hold password hashes and the keys that sessions are
//! signed with.

use std::fs::File;
use std::io;
use std::path::Path;

/// Makes sure that the file exists and is private, whatever the umask is, and however an earlier version
/// left it. What SQLite puts beside a database (`-wal`, `-shm`) has the permissions of the database.
#[cfg(unix)]
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

    const OWNER_ONLY: u32 = 0o600;
    let file = File::options().create(true).append(true).mode(OWNER_ONLY).open(path)?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(OWNER_ONLY))?;
    }
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    File::options().create(true).append(true).open(path).map(drop)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn new_files_and_those_of_before_are_private() {
        let directory = tempfile::tempdir().expect("a directory");
        let (new, old) = (directory.path().join("new"), directory.path().join("old"));
        std::fs::write(&old, "kept").expect("writes");
        std::fs::set_permissions(&old, std::fs::Permissions::from_mode(0o644)).expect("allowed");
        for path in [&new, &old] {
            make_private(path).expect("can be made private");
            assert_eq!(path.metadata().expect("is there").permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(std::fs::read(&old).expect("reads"), b"kept");
    }
}
