//! Removes what is superseded, see [`crate::superseded`].

use std::collections::HashSet;
use std::sync::{Arc, Weak};
use std::time::Duration;

use common::events::whole_states;
use common::time::Timestamp;
use ports::bus::BusError;
use rusqlite::{Connection, params};

use super::Seq;
use super::bus::Shared;
use super::log::Log;
use crate::superseded::{PAUSE, Pass, ROUND, first_pause, pause};

/// Does so as long as the bus lives.
pub(super) async fn keep_compacting(bus: Weak<Shared>, log: Arc<Log>, keep: Duration) {
    tokio::time::sleep(first_pause(keep)).await;
    while bus.strong_count() > 0 {
        match compact(&bus, &log, keep).await {
            Ok(removed) => {
                metrics::counter!("events_superseded_total", "stream" => log.name.clone()).increment(removed)
            }
            Err(error) => tracing::warn!(stream = log.name, %error, "removing superseded events was interrupted"),
        }
        tokio::time::sleep(pause(keep)).await;
    }
}

/// One pass. Returns how many messages it removed.
async fn compact(bus: &Weak<Shared>, log: &Log, keep: Duration) -> Result<u64, BusError> {
    let kinds = whole_states(&log.name);
    let (mut pass, mut end_at, mut position, mut removed) = (Pass::default(), None, 0, 0);
    // Between the rounds the bus may be dropped, and its file be another's.
    while let Some(bus) = bus.upgrade() {
        let (stream, oldest_kept) = (log.name.clone(), bus.clock.now() - keep);
        let read = move |db: &Connection| {
            let end = end_at.map_or_else(|| end(db, &stream, oldest_kept), Ok)?;
            Ok((end, read(db, &stream, position, end)?))
        };
        let (end, messages) = bus.run(read).await?;
        let Some(last) = messages.last().map(|message| message.seq) else { break };
        (end_at, position) = (Some(end), last);
        let whole = messages.iter().filter(|message| kinds.contains(&message.kind.as_str()));
        let observe = |message: &Header| pass.observe(&message.kind, &message.id, message.seq.unsigned_abs());
        let superseded: HashSet<Seq> = whole.filter_map(observe).map(u64::cast_signed).collect();
        removed += superseded.len() as u64;
        remove(&bus, log, superseded).await?;
        drop(bus);
        tokio::time::sleep(PAUSE).await;
    }
    Ok(removed)
}

/// A message without its payload.
struct Header {
    seq: Seq,
    kind: String,
    id: String,
}

/// The last message that may be removed: all consumers have finished it, and it is old enough.
fn end(db: &Connection, stream: &str, oldest_kept: Timestamp) -> rusqlite::Result<Seq> {
    // Numbers and times rise together. What a consumer has finished is not written at once, which errs on the safe side.
    let end = "SELECT MIN(seq) - 1 FROM (
            SELECT MAX(seq) + 1 AS seq FROM messages
            UNION ALL
            SELECT * FROM (SELECT seq FROM messages WHERE stream = ?1 AND published_ms > ?2 ORDER BY seq LIMIT 1)
            UNION ALL
            SELECT position + 1 FROM consumers WHERE stream = ?1
            UNION ALL
            SELECT seq FROM unanswered WHERE stream = ?1
        )";
    let end: Option<Seq> = db.query_row(end, params![stream, oldest_kept.as_millis()], |row| row.get(0))?;
    Ok(end.unwrap_or(0))
}

/// The next messages after `position`, up to `end`.
fn read(db: &Connection, stream: &str, position: Seq, end: Seq) -> rusqlite::Result<Vec<Header>> {
    let select =
        "SELECT seq, kind, id FROM messages WHERE stream = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq LIMIT ?4";
    db.prepare_cached(select)?
        .query_map(params![stream, position, end, i64::try_from(ROUND).unwrap_or(i64::MAX)], |row| {
            Ok(Header { seq: row.get(0)?, kind: row.get(1)?, id: row.get(2)? })
        })?
        .collect()
}

async fn remove(bus: &Shared, log: &Log, superseded: HashSet<Seq>) -> Result<(), BusError> {
    if superseded.is_empty() {
        return Ok(());
    }
    let sequences: Vec<Seq> = superseded.iter().copied().collect();
    let remove = move |db: &Connection| {
        // The newest message of all streams stays: from that the next number is known.
        let delete = "DELETE FROM messages WHERE seq = ?1 AND seq < (SELECT MAX(seq) FROM messages)";
        let mut delete = db.prepare_cached(delete)?;
        sequences.iter().try_for_each(|seq| delete.execute([seq]).map(|_| ()))
    };
    bus.run(remove).await?;
    log.remove(&superseded);
    Ok(())
}
