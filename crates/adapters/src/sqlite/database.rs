use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ports::store::StoreError;
use rusqlite::{Connection, ErrorCode};

use crate::private_file::make_private;

/// A checkpoint may delay a reader for a moment; nothing takes this long in a healthy system.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Statements kept ready on each connection; a service has fewer.
const STATEMENTS: usize = 128;
/// Pages (of 4 KiB) the log grows to before they are moved into the file. More than SQLite's
/// 1000, because a checkpoint costs two more syncs.
const CHECKPOINT_PAGES: u32 = 12_000;
/// How much of the file the writer keeps in memory at most, in KiB: the parts of its tables and
/// indexes that are being written to. SQLite's default is a quarter of that.
const WRITER_CACHE: i32 = 8192;

/// One database, and the connection that the writer uses.
pub(super) struct Database {
    writer: Arc<Mutex<Connection>>,
    /// Held until the store is dropped.
    lock: Option<File>,
}

impl Database {
    pub(super) fn in_memory() -> Result<Self, StoreError> {
        let path = PathBuf::from(":memory:");
        let connection = connect(&path).map_err(|error| describe(&path, &error))?;
        Ok(Self { writer: Arc::new(Mutex::new(connection)), lock: None })
    }

    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let lock = lock(path)?;
        make_private(path).map_err(|error| unwritable(path, &error))?;
        let writer = connect_writer(path).map_err(|error| describe(path, &error))?;
        Ok(Self { writer: Arc::new(Mutex::new(writer)), lock: Some(lock) })
    }

    /// The connection that the writer uses.
    pub(super) fn writer(&self) -> Arc<Mutex<Connection>> {
        self.writer.clone()
    }
}

fn connect_writer(path: &Path) -> Result<Connection, rusqlite::Error> {
    let writer = connect(path)?;
    // Fails here, not at the first commit, if the file cannot be written to.
    writer.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
    writer.pragma_update(None, "cache_size", -WRITER_CACHE)?;
    Ok(writer)
}

/// A connection to the file at `path`, which has been opened, to read from.
pub(super) fn connect_reader(path: &Path) -> Result<Connection, StoreError> {
    let connected = connect(path).and_then(|reader| {
        reader.pragma_update(None, "query_only", true)?;
        Ok(reader)
    });
    connected.map_err(|error| describe(path, &error))
}

/// A panic while a connection was locked leaves nothing half done: SQLite's transactions prevent it.
pub(super) fn locked(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path) -> Result<Connection, rusqlite::Error> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    Ok(connection)
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(lock) = &self.lock {
            // Closing the file is not enough: a child process that is just being started also has it
            // open until it runs its own program. If unlocking fails, closing unlocks it.
            let _ = lock.unlock();
        }
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!("cannot write to {}: {error}", path.display()))
}

/// Locks the file `PATH.lock`, which the system unlocks however the process ends.
fn lock(path: &Path) -> Result<File, StoreError> {
    let unwritable = |error: std::io::Error| unwritable(path, &error);
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory).map_err(unwritable)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = File::options().create(true).truncate(false).write(true).open(name).map_err(unwritable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(StoreError::Unavailable(format!("{} is in use by another process", path.display())))
        }
        Err(TryLockError::Error(error)) => Err(unwritable(error)),
    }
}

fn describe(path: &Path, error: &rusqlite::Error) -> StoreError {
    let path = path.display();
    StoreError::Unavailable(match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => format!("{path} is not an SQLite database"),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            format!("cannot write to {path}: {error}")
        }
        _ => format!("cannot open {path}: {error}"),
    })
}
