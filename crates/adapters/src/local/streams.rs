use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use ports::bus::BusError;
use rusqlite::Connection;

use super::Seq;
use super::log::Log;
use crate::database::locked;

/// All streams of a database, and the numbers that their messages get.
pub(super) struct Streams {
    logs: Mutex<HashMap<String, Arc<Log>>>,
    /// The last number that was assigned.
    newest: AtomicI64,
}

impl Streams {
    /// What an earlier bus left in the database.
    pub(super) fn restore(db: &Connection) -> rusqlite::Result<Self> {
        // No number is assigned twice, even when the newest messages have become too old and are gone:
        // consumers and watchers keep the numbers they have seen as positions.
        let newest = "SELECT MAX(COALESCE((SELECT MAX(seq) FROM messages), 0),
                                 COALESCE((SELECT MAX(position) FROM consumers), 0))";
        let newest: Seq = db.query_row(newest, [], |row| row.get(0))?;
        let mut select = db.prepare("SELECT name FROM streams")?;
        let names: Vec<String> = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let logs = names.into_iter().map(|name| (name.clone(), Arc::new(Log::new(&name, newest))));
        Ok(Self { logs: Mutex::new(logs.collect()), newest: AtomicI64::new(newest) })
    }

    /// The stream with this name.
    pub(super) fn log(&self, stream: &str) -> Result<Arc<Log>, BusError> {
        locked(&self.logs).get(stream).cloned().ok_or_else(|| BusError::NoStream(stream.to_owned()))
    }

    /// The stream with this name, which is in the database.
    pub(super) fn declared(&self, stream: &str) -> Arc<Log> {
        locked(&self.logs).entry(stream.to_owned()).or_insert_with(|| Arc::new(Log::new(stream, 0))).clone()
    }

    /// The next number. Only the writer asks for it; one that is not used does no harm.
    pub(super) fn next_seq(&self) -> Seq {
        self.newest.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// Keeps in the database that there is a stream with this name.
pub(super) fn declare(db: &Connection, stream: &str) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR IGNORE INTO streams (name) VALUES (?1)")?.execute([stream]).map(drop)
}
