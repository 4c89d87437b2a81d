use rusqlite::Connection;

use super::history;

/// The tables of the bus. Those of a service's collections have its name and a dot in theirs.
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

/// Makes sure that the tables exist.
pub(crate) fn prepare(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(TABLES)?;
    db.execute_batch(history::TABLE)
}
