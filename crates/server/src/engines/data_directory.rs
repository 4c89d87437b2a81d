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

/// Makes the directory, if it is not there, and sees to it that it and our files in it are private. What others may
/// look into is refused, and not closed: they may have looked.
///
/// # Errors
/// If it cannot be made, or is open to others; the message says what to do.
#[cfg(unix)]
pub fn make(directory: &Path) -> anyhow::Result<()> {
    unix::make(directory).with_context(|| format!("cannot use the data directory {}", directory.display()))
}

#[cfg(not(unix))]
pub fn make(directory: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(directory)
        .with_context(|| format!("cannot create the data directory {}", directory.display()))
}

#[cfg(unix)]
mod unix {
    use std::fs::{DirBuilder, DirEntry, Metadata, Permissions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
    use std::path::Path;

    use anyhow::{Context, bail, ensure};

    /// What group and others may do.
    const OTHERS: u32 = 0o077;
    /// Marks directories that all users of a machine share, such as `/tmp`.
    const STICKY: u32 = 0o1000;
    const DIRECTORY: u32 = 0o700;
    /// How the names of our files end: databases, what SQLite and we keep beside them, how to reach the process, and
    /// what files are encrypted and tickets signed with.
    const OURS: [&str; 7] = [".db", ".db-wal", ".db-shm", ".db.lock", "admin.json", "delivery.keys", "ticket.keys"];

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
        let (found, shown) = (directory.metadata()?, directory.display());
        let ours: Vec<&DirEntry> = entries.iter().filter(|entry| is_ours(entry)).collect();
        if is_open(&found) {
            ensure!(
                mode(&found) & STICKY == 0,
                "all users of this machine share it: name a directory of its own, such as {shown}/ticketing"
            );
            // What holds other things may be there for others, too.
            ensure!(
                entries.is_empty() || !ours.is_empty(),
                "it is open to other users and holds other things: name a directory of its own, such as \
                 {shown}/ticketing, or run `chmod {DIRECTORY:o} {shown}`"
            );
        }
        if entries.is_empty() {
            return close(directory, &found);
        }
        let files = ours.iter().map(|entry| Ok((entry.path(), entry.metadata()?)));
        let files: Vec<_> = files.collect::<io::Result<_>>()?;
        let all = [(directory.to_owned(), found)].into_iter().chain(files);
        let Some((path, found)) = all.into_iter().find(|(_, found)| is_open(found)) else { return Ok(()) };
        bail!(
            "{} is open to other users (mode {:04o}), who may have copied the keys that sessions are signed with: \
             have user {} run `chmod -R go= {shown}`; docs/OPERATIONS.md says how to get new keys",
            path.display(),
            mode(&found),
            found.uid()
        )
    }

    fn mode(found: &Metadata) -> u32 {
        found.permissions().mode() & 0o7777
    }

    fn is_open(found: &Metadata) -> bool {
        mode(found) & OTHERS != 0
    }

    fn is_ours(entry: &DirEntry) -> bool {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        entry.file_type().is_ok_and(|kind| kind.is_file()) && OURS.iter().any(|ending| name.ends_with(ending))
    }

    /// Nothing is in it yet that anybody could have seen.
    fn close(directory: &Path, found: &Metadata) -> anyhow::Result<()> {
        if !is_open(found) {
            return Ok(());
        }
        std::fs::set_permissions(directory, Permissions::from_mode(DIRECTORY)).with_context(|| {
            format!(
                "it is open to other users (mode {:04o}) and belongs to user {}: have them run `chmod {DIRECTORY:o} {}`",
                mode(found),
                found.uid(),
                directory.display()
            )
        })
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

    fn refusal(directory: &Path) -> String {
        format!("{:#}", make(directory).expect_err("it is open"))
    }

    #[test]
    fn files_that_others_may_look_into_are_refused_and_left_as_they_are() {
        let data = tempfile::tempdir().expect("a directory");
        open_up(data.path(), 0o700);
        for name in [
            "ticketing.db",
            "ticketing.db-wal",
            "ticketing.db-shm",
            "ticketing.db.lock",
            "admin.json",
            "auth.db",
            "delivery.keys",
            "ticket.keys",
        ] {
            let file = data.path().join(name);
            std::fs::write(&file, "kept").expect("writes");
            for open in [0o644, 0o640, 0o602, 0o610] {
                open_up(&file, open);
                let refused = refusal(data.path());
                let named = format!("{} is open to other users (mode {open:04o})", file.display());
                assert!(refused.contains(&named) && refused.contains("chmod -R go="), "{refused}");
                assert_eq!((mode(&file), std::fs::read(&file).expect("reads")), (open, b"kept".to_vec()));
            }
            open_up(&file, 0o600);
            make(data.path()).expect("its owner has closed it");
        }
        let notes = data.path().join("notes.txt");
        std::fs::write(&notes, "kept").expect("writes");
        open_up(&notes, 0o644);
        make(data.path()).expect("that is not ours");
    }

    #[test]
    fn a_directory_of_ours_that_others_may_look_into_is_refused() {
        let data = tempfile::tempdir().expect("a directory");
        std::fs::write(data.path().join("ticketing.db"), "kept").expect("writes");
        open_up(&data.path().join("ticketing.db"), 0o600);
        for open in [0o755, 0o750, 0o701] {
            open_up(data.path(), open);
            assert!(refusal(data.path()).contains(&format!("(mode {open:04o})")), "{open:o}");
            assert_eq!(mode(data.path()), open);
        }
    }

    #[test]
    fn an_empty_directory_becomes_private() {
        let data = tempfile::tempdir().expect("a directory");
        open_up(data.path(), 0o755);
        make(data.path()).expect("nothing is in it");
        assert_eq!(mode(data.path()), 0o700);
    }

    #[test]
    fn a_directory_of_other_things_is_refused_and_left_as_it_is_while_it_is_open() {
        let data = tempfile::tempdir().expect("a directory");
        open_up(data.path(), 0o755);
        std::fs::write(data.path().join("notes.txt"), "kept").expect("writes");
        let refused = refusal(data.path());
        assert!(refused.contains("chmod 700"), "{refused}");
        assert_eq!(mode(data.path()), 0o755);
        open_up(data.path(), 0o700);
        make(data.path()).expect("its owner has closed it");
    }

    #[test]
    fn a_directory_that_all_users_share_is_refused_and_left_as_it_is() {
        let shared = tempfile::tempdir().expect("a directory");
        open_up(shared.path(), 0o1777);
        let refused = refusal(shared.path());
        assert!(refused.contains("such as") && refused.contains("/ticketing"), "{refused}");
        assert_eq!(mode(shared.path()), 0o1777);
    }
}
