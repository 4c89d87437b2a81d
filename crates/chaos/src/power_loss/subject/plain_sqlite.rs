use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Result, anyhow};
use async_trait::async_trait;
use rusqlite::Connection;

use super::{Running, Write};

/// SQLite that does not sync: acknowledged writes are only in the kernel's memory.
pub(super) struct PlainSqlite {
    path: PathBuf,
    // Only to share it; it is never held for long.
    connection: Mutex<Option<Connection>>,
}

impl PlainSqlite {
    pub(super) fn open(files: &Path) -> Result<Self> {
        let path = files.join("unsynced.db");
        let connection = Mutex::new(Some(connect(&path)?));
        Ok(Self { path, connection })
    }

    fn with<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(work(connection.as_ref().ok_or_else(|| anyhow!("the power is off"))?)?)
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;
         CREATE TABLE IF NOT EXISTS items (writer INTEGER, number INTEGER, PRIMARY KEY (writer, number));",
    )?;
    Ok(connection)
}

#[async_trait]
impl Running for PlainSqlite {
    async fn write(&self, write: Write) -> Result<()> {
        self.with(|db| db.execute("INSERT INTO items VALUES (?1, ?2)", [write.writer, write.number]))?;
        tokio::task::yield_now().await;
        Ok(())
    }

    fn power_off(&mut self) {
        *self.connection.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    async fn power_on(&mut self) -> Result<()> {
        *self.connection.lock().unwrap_or_else(PoisonError::into_inner) = Some(connect(&self.path)?);
        Ok(())
    }

    async fn found(&self) -> Result<HashSet<Write>> {
        self.with(|db| {
            let mut all = db.prepare("SELECT writer, number FROM items")?;
            let rows = all.query_map([], |row| Ok(Write { writer: row.get(0)?, number: row.get(1)? }))?;
            rows.collect()
        })
    }
}
