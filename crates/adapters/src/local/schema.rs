use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::history;

/// How long opening waits for the previous process to release the file.
const OPEN_TIMEOUT: Duration = Duration::from_secs(5);

/// Pages (of 4 KiB) the log grows to before they are moved into the file, which costs two more syncs.
const CHECKPOINT_PAGES: u32 = 12_000;

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS streams (
        name TEXT PRIMARY KEY
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS messages (
        seq INTEGER PRIMARY KEY,
        stream TEXT NOT NULL,
        id TEXT NOT NULL,
        kind TEXT NOT NULL,
        published_ms INTEGER NOT NULL,
        envelope TEXT NOT NULL,
        UNIQUE (stream, id)
    );
    CREATE INDEX IF NOT EXISTS messages_by_stream ON messages (stream, seq);
    CREATE TABLE IF NOT EXISTS consumers (
        stream TEXT NOT NULL,
        name TEXT NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (stream, name)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS unanswered (
        stream TEXT NOT NULL,
        consumer TEXT NOT NULL,
        seq INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        PRIMARY KEY (stream, consumer, seq)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS dead_letters (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        consumer TEXT NOT NULL,
        seq INTEGER NOT NULL,
        reason TEXT NOT NULL,
        deliveries INTEGER NOT NULL,
        time_ms INTEGER NOT NULL,
        replays INTEGER NOT NULL DEFAULT 0,
        envelope TEXT NOT NULL,
        UNIQUE (consumer, seq)
    );";

/// Opens the log at `path` for this process alone.
pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open(path)?;
    db.busy_timeout(OPEN_TIMEOUT)?;
    // The state in memory is only correct while no other process writes.
    db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    db.execute_batch(TABLES)?;
    db.execute_batch(history::TABLE)?;
    Ok(db)
}

/// A log that is gone when the process ends.
pub(super) fn in_memory() -> rusqlite::Result<Connection> {
    let db = Connection::open_in_memory()?;
    db.execute_batch(TABLES)?;
    db.execute_batch(history::TABLE)?;
    Ok(db)
}
