//! The data directory: it holds the key that sessions are signed with, and everybody's password hashes, so
//! nobody else on the machine may look into it, whatever the umask is.

use std::path::Path;

use adapters::database::Database;
use adapters::former;
use anyhow::Context;
use ports::store::ReadLimits;

use crate::services::ServiceName;

/// Everything that services keep, and what they tell each other.
const DATABASE: &str = "ticketing.db";
/// The bus of the version before.
const FORMER_BUS: &str = "bus.db";

/// Whether there is a database in the directory, of this version or of the one before.
pub fn has_data(directory: &Path) -> bool {
    [DATABASE, FORMER_BUS].iter().any(|file| directory.join(file).exists())
}

/// Opens the database in the directory, and makes both if need be. What the version before kept there is in the
/// database from then on.
///
/// # Errors
/// If the directory or a file in it cannot be used; the message says why.
pub(super) fn open(directory: &Path, limits: &ReadLimits) -> anyhow::Result<Database> {
    make(directory)?;
    Ok(former::open_with_former(&directory.join(DATABASE), &ServiceName::ALL.map(ServiceName::as_str), limits)?)
}

/// Makes the directory, if it is not there, and sees to it that it and our files in it are private. What an
/// earlier version left open to others is closed, if it is ours to close.
///
/// # Errors
/// If it cannot be made, or is open to others and belongs to somebody else; the message says what to do.
#[cfg(unix)]
fn make(directory: &Path) -> anyhow::Result<()> {
    unix::make(directory).with_context(|| format!("cannot use the data directory {}", directory.display()))
}

#[cfg(not(unix))]
fn make(directory: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(directory)
        .with_context(|| format!("cannot create the data directory {}", directory.display()))
}

#[cfg(unix)]
mod unix {
    use std::fs::{DirBuilder, DirEntry, Metadata, Permissions};
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
    use std::path::Path;

    use anyhow::{Context, bail};

    /// What group and others may do.
    const OTHERS: u32 = 0o077;
    /// Marks directories that all users of a machine share, such as `/tmp`.
    const STICKY: u32 = 0o1000;
    const DIRECTORY: u32 = 0o700;
    const FILE: u32 = 0o600;
    /// How the names of our files end: databases, and what SQLite and we keep beside them.
    const OURS: [&str; 4] = [".db", ".db-wal", ".db-shm", ".db.lock"];

    pub(super) fn make(directory: &Path) -> anyhow::Result<()> {
        if !directory.exists() {
            if let Some(parent) = directory.parent() {
                std::fs::create_dir_all(parent)?;
            }
            DirBuilder::new().recursive(true).mode(DIRECTORY).create(directory)?;
        }
        let mut entries: Vec<DirEntry> = directory.read_dir()?.collect::<Result<_, _>>()?;
        // A volume of its own has this.
        entries.retain(|entry| entry.file_name() != "lost+found");
        let found = directory.metadata()?;
        // What holds other things may be there for others, too.
        if found.permissions().mode() & OTHERS != 0 && !entries.is_empty() && !entries.iter().any(is_ours) {
            bail!(
                "it is open to other users and holds other things: name a directory of its own, such as {shown}/ticketing, \
                 or run `chmod {DIRECTORY:o} {shown}`",
                shown = directory.display()
            );
        }
        close(directory, &found, DIRECTORY)?;
        for entry in entries.iter().filter(|entry| is_ours(entry)) {
            close(&entry.path(), &entry.metadata()?, FILE)?;
        }
        Ok(())
    }

    fn is_ours(entry: &DirEntry) -> bool {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        entry.file_type().is_ok_and(|kind| kind.is_file()) && OURS.iter().any(|ending| name.ends_with(ending))
    }

    fn close(path: &Path, found: &Metadata, private: u32) -> anyhow::Result<()> {
        let (mode, path_shown) = (found.permissions().mode() & 0o7777, path.display());
        if mode & OTHERS == 0 {
            return Ok(());
        }
        if mode & STICKY != 0 {
            bail!("all users of this machine share it: name a directory of its own, such as {path_shown}/ticketing");
        }
        std::fs::set_permissions(path, Permissions::from_mode(private)).with_context(|| {
            format!(
                "{path_shown} is open to other users (mode {mode:04o}) and belongs to user {}: have them run \
                 `chmod {private:o} {path_shown}`",
                found.uid()
            )
        })?;
        tracing::warn!(path = %path_shown, "was open to other users (mode {mode:04o}), and is not any more");
        Ok(())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().expect("is there").permissions().mode() & 0o7777
    }

    fn open_up(path: &Path, mode: u32) {
        std::fs::set_permissions(path, Permissions::from_mode(mode)).expect("allowed");
    }

    #[test]
    fn a_new_directory_is_private_and_its_parents_are_as_usual() {
        let scratch = tempfile::tempdir().expect("a directory");
        let data = scratch.path().join("srv/tickets");
        make(&data).expect("can be made");
        assert_eq!(mode(&data), 0o700);
        assert_ne!(mode(&scratch.path().join("srv")), 0o700);
    }

    #[test]
    fn what_an_earlier_version_left_open_is_closed() {
        let data = tempfile::tempdir().expect("a directory");
        open_up(data.path(), 0o755);
        for (name, after) in [("auth.db", 0o600), ("auth.db-wal", 0o600), ("auth.db.lock", 0o600), ("notes.txt", 0o644)]
        {
            let file = data.path().join(name);
            std::fs::write(&file, "kept").expect("writes");
            open_up(&file, 0o644);
            make(data.path()).expect("is ours");
            assert_eq!(mode(&file), after, "{name}");
            assert_eq!(std::fs::read(&file).expect("reads"), b"kept");
        }
        assert_eq!(mode(data.path()), 0o700);
    }

    #[test]
    fn a_directory_of_other_things_is_refused_and_left_as_it_is_while_it_is_open() {
        let data = tempfile::tempdir().expect("a directory");
        open_up(data.path(), 0o755);
        std::fs::write(data.path().join("notes.txt"), "kept").expect("writes");
        let refused = format!("{:#}", make(data.path()).expect_err("others may need it"));
        assert!(refused.contains("chmod 700"), "{refused}");
        assert_eq!(mode(data.path()), 0o755);
        open_up(data.path(), 0o700);
        make(data.path()).expect("its owner has closed it");
    }

    #[test]
    fn a_directory_that_all_users_share_is_refused_and_left_as_it_is() {
        let shared = tempfile::tempdir().expect("a directory");
        open_up(shared.path(), 0o1777);
        let refused = format!("{:#}", make(shared.path()).expect_err("it is shared"));
        assert!(refused.contains("such as") && refused.contains("/ticketing"), "{refused}");
        assert_eq!(mode(shared.path()), 0o1777);
    }
}
