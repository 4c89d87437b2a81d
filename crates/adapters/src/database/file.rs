use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ports::store::StoreError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode};

use super::private_file::make_private;

/// A checkpoint may delay a reader for a moment; nothing takes this long in a healthy system.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Statements kept ready on each connection; all services together have fewer.
const STATEMENTS: usize = 512;
/// Pages (of 4 KiB) the log grows to before they are moved into the file. More than SQLite's
/// 1000, because a checkpoint costs two more syncs.
const CHECKPOINT_PAGES: u32 = 12_000;
/// How much of the file the writer keeps in memory at most, in KiB: the parts of its tables and
/// indexes that are being written to. SQLite's default is an eighth of that.
const WRITER_CACHE: i32 = 16_384;

/// The file of a database, which no other process opens meanwhile.
pub(crate) struct LockedFile {
    path: PathBuf,
    lock: File,
}

impl LockedFile {
    /// Locks the file `PATH.lock`, which the system unlocks however the process ends.
    pub(crate) fn lock(path: &Path) -> Result<Self, StoreError> {
        let unwritable = |error: std::io::Error| unwritable(path, &error);
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory).map_err(unwritable)?;
        }
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        make_private(Path::new(&name)).map_err(unwritable)?;
        let lock = File::options().write(true).open(name).map_err(unwritable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), lock }),
            Err(TryLockError::WouldBlock) => {
                Err(StoreError::Unavailable(format!("{} is in use by another process", path.display())))
            }
            Err(TryLockError::Error(error)) => Err(unwritable(error)),
        }
    }

    /// The connection that everything is written through.
    pub(super) fn connect_writer(&self) -> Result<Connection, StoreError> {
        make_private(&self.path).map_err(|error| unwritable(&self.path, &error))?;
        let connected = connect(&self.path).and_then(|writer| {
            // Fails here, not at the first commit, if the file cannot be written to.
            writer.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
            writer.pragma_update(None, "cache_size", -WRITER_CACHE)?;
            Ok(writer)
        });
        connected.map_err(|error| describe(&self.path, &error))
    }
}

impl Drop for LockedFile {
    fn drop(&mut self) {
        // Closing the file is not enough: a child process that is just being started also has it
        // open until it runs its own program. If unlocking fails, closing unlocks it.
        let _ = self.lock.unlock();
    }
}

/// A connection to the file at `path`, which has been opened, to read from.
pub(super) fn connect_reader(path: &Path) -> Result<Connection, StoreError> {
    let connected = connect(path).and_then(|reader| {
        reader.pragma_update(None, "query_only", true)?;
        Ok(reader)
    });
    connected.map_err(|error| describe(path, &error))
}

pub(crate) fn connect_in_memory() -> Result<Connection, rusqlite::Error> {
    let connection = Connection::open_in_memory()?;
    keep_statements(&connection)?;
    Ok(connection)
}

/// Has statements be compiled once. Without the guarantee SQLite would compile one again whenever another value is
/// bound that might be worth another plan, such as a limit: ours are to be planned alike for all values.
fn keep_statements(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

fn connect(path: &Path) -> Result<Connection, rusqlite::Error> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    keep_statements(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    Ok(connection)
}

fn unwritable(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!("cannot write to {}: {error}", path.display()))
}

/// A failure to open the file at `path`, in one line for the operator.
pub(crate) fn describe(path: &Path, error: &rusqlite::Error) -> StoreError {
    let path = path.display();
    StoreError::Unavailable(match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => format!("{path} is not an SQLite database"),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => format!("{path} is in use by another process"),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            format!("cannot write to {path}: {error}")
        }
        _ => format!("cannot open {path}: {error}"),
    })
}
