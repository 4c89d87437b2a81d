//! Where a durable consumer's history ends: what was in the stream before the consumer was made.

use rusqlite::{Connection, OptionalExtension, params};

use super::Seq;

/// Kept beside the consumers; one that was made before histories were kept has none.
pub(super) const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS histories (
        stream TEXT NOT NULL,
        consumer TEXT NOT NULL,
        until INTEGER NOT NULL,
        PRIMARY KEY (stream, consumer)
    ) WITHOUT ROWID;";

/// The last number of the consumer's history. Called before a consumer that is new is stored: its history ends now.
pub(super) fn end(db: &Connection, stream: &str, consumer: &str) -> rusqlite::Result<Seq> {
    let is_known = "SELECT EXISTS (SELECT 1 FROM consumers WHERE stream = ?1 AND name = ?2)";
    if !db.query_row(is_known, params![stream, consumer], |row| row.get(0))? {
        let begin = "INSERT OR REPLACE INTO histories (stream, consumer, until)
                     SELECT ?1, ?2, COALESCE(MAX(seq), 0) FROM messages WHERE stream = ?1";
        db.execute(begin, params![stream, consumer])?;
    }
    let end = "SELECT until FROM histories WHERE stream = ?1 AND consumer = ?2";
    Ok(db.query_row(end, params![stream, consumer], |row| row.get(0)).optional()?.unwrap_or(0))
}
