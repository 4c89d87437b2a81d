//! Data directories of the version before, which had a file for each service and one for the bus.
//!
//! All of it is copied into the one database in a single transaction, so that a crash leaves either nothing of it
//! there or everything; only then are the files moved aside.

mod copy;

use std::ffi::OsString;
use std::fs::DirBuilder;
use std::path::{Path, PathBuf};

use ports::store::{ReadLimits, StoreError};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::database::{Database, LockedFile, describe};
use crate::local;

/// What says in a database that it has what there was before it (`PRAGMA user_version`).
const ADOPTED: i64 = 1;
/// Where the files are moved to, in their directory.
const ASIDE: &str = "before";
/// What SQLite and the store of the version before keep beside a database.
const BESIDE: [&str; 4] = ["", "-wal", "-shm", ".lock"];

/// A file of the version before.
struct Former {
    path: PathBuf,
    /// Whose records are in it; `None` if it is the bus's.
    service: Option<&'static str>,
}

/// Opens the database in the file at `path`, with what files of the version before hold in the same directory: one
/// for each of these services, and one for the bus. They are moved to a directory beside it, where nobody needs them.
/// Reads are limited so.
///
/// # Errors
/// With one line for the operator if a file cannot be used, or another process uses it.
pub fn open_with_former(path: &Path, services: &[&'static str], limits: &ReadLimits) -> Result<Database, StoreError> {
    let database = Database::open_limited(path, limits)?;
    let directory = path.parent().unwrap_or(Path::new("."));
    let services =
        services.iter().map(|name| Former { path: directory.join(format!("{name}.db")), service: Some(name) });
    let bus = Former { path: directory.join("bus.db"), service: None };
    let found: Vec<Former> = services.chain([bus]).filter(|former| former.path.exists()).collect();
    // The version before would have locked these, too.
    let stores = found.iter().filter(|former| former.service.is_some());
    let locked: Vec<_> = stores.map(|former| LockedFile::lock(&former.path)).collect::<Result<_, _>>()?;
    database.at_once(|db| adopt(db, path, &found))?;
    drop(locked);
    for former in &found {
        move_aside(directory, &former.path);
    }
    Ok(database)
}

/// Copies everything, unless that has been done.
fn adopt(db: &Connection, path: &Path, found: &[Former]) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| describe(path, &error);
    let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(failed)?;
    if version >= ADOPTED {
        for former in found {
            tracing::warn!(file = %former.path.display(), "is of an earlier version, and was not there when {} was made", path.display());
        }
        return Ok(());
    }
    for (number, former) in found.iter().enumerate() {
        attach(db, number, &former.path).map_err(|error| describe(&former.path, &error))?;
    }
    let transaction = Transaction::new_unchecked(db, TransactionBehavior::Immediate).map_err(failed)?;
    for (number, former) in found.iter().enumerate() {
        let schema = schema_name(number);
        let copied = match former.service {
            Some(service) => copy::store(&transaction, &schema, service),
            None => local::schema::prepare(&transaction).and_then(|()| copy::bus(&transaction, &schema)),
        };
        copied.map_err(|error| describe(&former.path, &error))?;
    }
    transaction.pragma_update(None, "user_version", ADOPTED).map_err(failed)?;
    transaction.commit().map_err(failed)?;
    for number in 0..found.len() {
        db.execute_batch(&format!("DETACH {}", schema_name(number))).map_err(failed)?;
    }
    if !found.is_empty() {
        tracing::info!(database = %path.display(), "has what the version before kept in {} files", found.len());
    }
    Ok(())
}

fn schema_name(number: usize) -> String {
    format!("former{number}")
}

/// Fails if the file is something else, or somebody uses it.
fn attach(db: &Connection, number: usize, path: &Path) -> rusqlite::Result<()> {
    let schema = schema_name(number);
    db.execute(&format!("ATTACH ?1 AS {schema}"), [path.to_string_lossy()])?;
    db.query_row(&format!("SELECT count(*) FROM {schema}.sqlite_schema"), [], |_| Ok(()))
}

/// What cannot be moved is left: it does no harm but to confuse.
fn move_aside(directory: &Path, path: &Path) {
    let aside = directory.join(ASIDE);
    for ending in BESIDE {
        let mut from = OsString::from(path);
        from.push(ending);
        let Some(name) = Path::new(&from).file_name() else { continue };
        let to = aside.join(name);
        if !Path::new(&from).exists() {
            continue;
        }
        let moved = make_private(&aside).and_then(|()| match to.exists() {
            true => Err(std::io::Error::other("there is one already")),
            false => std::fs::rename(&from, &to),
        });
        if let Err(error) = moved {
            tracing::warn!(%error, from = %from.display(), to = %to.display(), "a file that is not used any more was not moved");
        }
    }
}

#[cfg(unix)]
fn make_private(directory: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

#[cfg(not(unix))]
fn make_private(directory: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).create(directory)
}
