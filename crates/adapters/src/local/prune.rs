use std::sync::{Arc, Weak};
use std::time::Duration;

use common::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::Seq;
use super::bus::Shared;
use super::log::Log;

/// The shortest and the longest pause between two searches for old messages.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Removes the messages of `log` that are older than the stream keeps them, as long as the bus
/// lives.
pub(super) async fn keep_pruning(bus: Weak<Shared>, log: Arc<Log>, max_age: Duration) {
    while let Some(bus) = bus.upgrade() {
        let (log, now) = (log.clone(), bus.clock.now());
        bus.writer().submit_lazily(move |db| {
            let pruned = prune(db, &log.name, now - max_age);
            Box::new(move |_| match pruned {
                Ok(first) => log.forget(first),
                Err(error) => tracing::error!(stream = log.name, %error, "cannot prune"),
            })
        });
        drop(bus);
        tokio::time::sleep((max_age / 10).clamp(SHORTEST_PAUSE, LONGEST_PAUSE)).await;
    }
}

/// Removes what was published before `oldest`, and returns the first message that is kept.
fn prune(db: &Connection, stream: &str, oldest: Timestamp) -> rusqlite::Result<Seq> {
    // Numbers and times rise together, so this stops at the first message that is young enough.
    let first = "SELECT seq FROM messages WHERE stream = ?1 AND published_ms >= ?2 ORDER BY seq LIMIT 1";
    let first =
        db.prepare_cached(first)?.query_row(params![stream, oldest.as_millis()], |row| row.get(0)).optional()?;
    let first = first.unwrap_or(Seq::MAX);
    db.prepare_cached("DELETE FROM messages WHERE stream = ?1 AND seq < ?2")?.execute(params![stream, first])?;
    Ok(first)
}
