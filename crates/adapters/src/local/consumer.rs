use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use common::time::Timestamp;
use ports::bus::{Backlog, BusError, Consumer as Settings};
use rusqlite::{Connection, params};
use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

use super::cursor::{Changes, Cursor, wants};
use super::log::{self, Log};
use super::{Seq, dead_letters, history, lock, unavailable};
use crate::database::Writer;

/// How many messages are read from the database at once.
const FETCH: usize = 256;

/// A durable consumer, shared by all its members.
pub(super) struct Consumer {
    pub(super) name: String,
    pub(super) log: Arc<Log>,
    /// Notified when there may be something to do.
    pub(super) wake: Arc<Notify>,
    /// The last number of its history, from the first join on.
    pub(super) history: AtomicI64,
    cursor: Mutex<Cursor>,
}

impl Consumer {
    pub(super) fn new(name: &str, log: Arc<Log>, cursor: Cursor) -> Arc<Self> {
        let wake = Arc::new(Notify::new());
        log.wake_on_append(wake.clone());
        let (history, cursor) = (AtomicI64::new(0), Mutex::new(cursor));
        Arc::new(Self { name: name.to_owned(), log, wake, history, cursor })
    }

    pub(super) fn cursor(&self) -> MutexGuard<'_, Cursor> {
        lock(&self.cursor)
    }

    /// Joins it with these settings. What an earlier process left unacknowledged is counted as
    /// delivered again before it is delivered.
    pub(super) async fn join(self: &Arc<Self>, writer: &Writer, settings: Settings) -> Result<(), BusError> {
        self.cursor().join(settings);
        let consumer = self.clone();
        let joined = writer.run(move |db| {
            let end = history::end(db, &consumer.log.name, &consumer.name)?;
            consumer.history.store(end, Ordering::Relaxed);
            consumer.write(db)
        });
        Ok(joined.await?)
    }

    /// Writes the changes soon.
    pub(super) fn flush_soon(self: &Arc<Self>, writer: &Arc<Writer>) {
        if std::mem::replace(&mut self.cursor().is_flush_due, true) {
            return;
        }
        let consumer = self.clone();
        writer.submit_lazily(move |db| {
            consumer.cursor().is_flush_due = false;
            let changes = consumer.cursor().take_changes();
            let is_written = consumer.write_changes(db, &changes);
            Box::new(move |committed| {
                if committed.is_err() || is_written.is_err() {
                    consumer.cursor().restore(changes);
                }
            })
        });
    }

    /// Reads further messages from the database.
    pub(super) fn fetch(self: &Arc<Self>, writer: &Writer) {
        let consumer = self.clone();
        writer.submit(move |db| {
            let position = consumer.cursor().position();
            let end = *consumer.log.last().borrow();
            let added = log::read(db, &consumer.log.name, position, FETCH)
                .map(|messages| consumer.cursor().fetch(&messages, end))
                .map_err(|error| error.to_string());
            let changes = consumer.cursor().take_changes();
            let is_written = consumer.write_changes(db, &changes);
            Box::new(move |committed| {
                let mut cursor = consumer.cursor();
                if committed.is_err() || is_written.is_err() {
                    cursor.restore(changes);
                }
                cursor.fetched(added);
                drop(cursor);
                consumer.wake.notify_one();
            })
        });
    }

    /// Makes a message a dead letter and sends the outcome to `done`.
    pub(super) fn reject(
        self: &Arc<Self>,
        writer: &Writer,
        seq: Seq,
        reason: String,
        time: Timestamp,
        done: Option<oneshot::Sender<Result<(), BusError>>>,
    ) {
        let consumer = self.clone();
        writer.submit(move |db| {
            let removed = consumer.cursor().remove(seq);
            let Some(entry) = removed else {
                return Box::new(move |_| {
                    done.map(|done| done.send(Ok(())));
                });
            };
            let changes = consumer.cursor().take_changes();
            let written = dead_letters::insert(db, &consumer.name, &entry, &reason, time)
                .and_then(|()| consumer.write_changes(db, &changes));
            Box::new(move |committed| {
                let result = written.map_err(unavailable).and_then(|()| Ok(committed.clone()?));
                if result.is_ok() {
                    metrics::counter!("dead_letters_total", "consumer" => consumer.name.clone()).increment(1);
                } else {
                    let mut cursor = consumer.cursor();
                    cursor.restore(changes);
                    cursor.put_back(entry, Instant::now());
                }
                consumer.wake.notify_one();
                done.map(|done| done.send(result));
            })
        });
    }

    /// What it still has to process, with the event types in `settings`.
    pub(super) async fn backlog(&self, writer: &Writer, settings: &Settings) -> Result<Backlog, BusError> {
        let (position, (ready, unacknowledged)) = {
            let cursor = self.cursor();
            (cursor.position(), cursor.load())
        };
        let ahead = match self.log.count(position, |envelope| wants(settings, envelope)) {
            Some(count) => count,
            None => {
                let (stream, settings) = (self.log.name.clone(), settings.clone());
                writer.run(move |db| count(db, &stream, position, &settings)).await?
            }
        };
        Ok(Backlog { pending: ahead + ready, unacknowledged })
    }

    fn write(&self, db: &Connection) -> rusqlite::Result<()> {
        let changes = self.cursor().take_changes();
        self.write_changes(db, &changes).inspect_err(|_| self.cursor().restore(changes))
    }

    fn write_changes(&self, db: &Connection, changes: &Changes) -> rusqlite::Result<()> {
        let stream = &self.log.name;
        db.prepare_cached(
            "INSERT INTO consumers (stream, name, position) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET position = excluded.position",
        )?
        .execute(params![stream, self.name, changes.position])?;
        let mut remove =
            db.prepare_cached("DELETE FROM unanswered WHERE stream = ?1 AND consumer = ?2 AND seq = ?3")?;
        for seq in &changes.removed {
            remove.execute(params![stream, self.name, seq])?;
        }
        let mut keep = db.prepare_cached(
            "INSERT INTO unanswered (stream, consumer, seq, attempts) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET attempts = excluded.attempts",
        )?;
        for (seq, attempts) in &changes.kept {
            keep.execute(params![stream, self.name, seq, attempts])?;
        }
        Ok(())
    }
}

fn count(db: &Connection, stream: &str, position: Seq, settings: &Settings) -> rusqlite::Result<u64> {
    let mut select =
        db.prepare_cached("SELECT kind, COUNT(*) FROM messages WHERE stream = ?1 AND seq > ?2 GROUP BY kind")?;
    let mut rows = select.query(params![stream, position])?;
    let mut total = 0;
    while let Some(row) = rows.next()? {
        if settings.types.contains(&row.get_ref(0)?.as_str()?) {
            total += row.get::<_, i64>(1)?.unsigned_abs();
        }
    }
    Ok(total)
}

/// Reads the state in which an earlier process left all consumers: stream, name, cursor.
pub(super) fn restore(db: &Connection) -> rusqlite::Result<Vec<(String, String, Cursor)>> {
    let mut select = db.prepare("SELECT stream, name, position FROM consumers")?;
    let consumers: Vec<(String, String, Seq)> =
        select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<Result<_, _>>()?;
    let mut select =
        db.prepare("SELECT seq, attempts FROM unanswered WHERE stream = ?1 AND consumer = ?2 ORDER BY seq")?;
    let mut restored = Vec::with_capacity(consumers.len());
    for (stream, name, position) in consumers {
        let rows: Vec<(Seq, u32)> =
            select.query_map(params![stream, name], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut left_behind = Vec::with_capacity(rows.len());
        for (seq, attempts) in rows {
            // A message that has become too old meanwhile is not delivered any more.
            if let Some(message) = log::read_one(db, seq)? {
                left_behind.push((message, attempts));
            }
        }
        restored.push((stream, name, Cursor::restored(position, left_behind)));
    }
    Ok(restored)
}
