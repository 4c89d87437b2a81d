use common::events::Envelope;
use common::time::Timestamp;
use ports::bus::DeadLetter;
use rusqlite::{Connection, OptionalExtension, params};

use super::cursor::Entry;
use super::log::envelope_of;

/// Keeps a message as a dead letter of `consumer`, once.
pub(super) fn insert(
    db: &Connection,
    consumer: &str,
    entry: &Entry,
    reason: &str,
    time: Timestamp,
) -> rusqlite::Result<()> {
    let message = &entry.message;
    let envelope = serde_json::to_string(message.envelope.as_ref())
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    db.prepare_cached(
        "INSERT INTO dead_letters (consumer, seq, reason, deliveries, time_ms, envelope)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (consumer, seq) DO NOTHING",
    )?
    .execute(params![consumer, message.seq, reason, entry.attempts, time.as_millis(), envelope])?;
    Ok(())
}

/// At most `limit` letters with a number above `after`.
pub(super) fn list(db: &Connection, after: i64, limit: i64) -> rusqlite::Result<Vec<DeadLetter>> {
    db.prepare_cached(
        "SELECT number, consumer, reason, deliveries, time_ms, replays, envelope
         FROM dead_letters WHERE number > ?1 ORDER BY number LIMIT ?2",
    )?
    .query_map([after, limit], |row| {
        Ok(DeadLetter {
            number: row.get::<_, i64>(0)?.unsigned_abs(),
            consumer: row.get(1)?,
            reason: row.get(2)?,
            deliveries: row.get(3)?,
            time: Timestamp::from_millis(row.get(4)?),
            replayed: row.get::<_, i64>(5)? > 0,
            envelope: envelope_of(row, 6)?,
        })
    })?
    .collect()
}

/// Marks a letter as replayed and returns the message to publish: under an id of its own, since
/// the stream would take it for a duplicate otherwise, and for the consumer that failed only.
pub(super) fn mark_replayed(db: &Connection, number: i64) -> rusqlite::Result<Option<Envelope>> {
    let mark = "UPDATE dead_letters SET replays = replays + 1 WHERE number = ?1 RETURNING consumer, replays, envelope";
    db.prepare_cached(mark)?
        .query_row([number], |row| {
            let (consumer, replays): (String, i64) = (row.get(0)?, row.get(1)?);
            let envelope = envelope_of(row, 2)?;
            let id = format!("{}/replay-{number}-{replays}", envelope.id);
            Ok(Envelope { id, replay_for: Some(consumer), ..envelope })
        })
        .optional()
}
