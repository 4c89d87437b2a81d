use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use anyhow::{Context, Result};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::in_flight::in_flight;
use crate::programs::scratch;
use crate::report::Figure;
use crate::system::Meter;

/// The maximum number of writes in a transaction.
const GROUP: usize = 512;

/// A row to be written, and the channel for its acknowledgement.
type Write = (u64, oneshot::Sender<()>);

/// One thread that commits pending writes together, WAL and `synchronous = FULL`.
pub(super) async fn run(time: Duration) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for (key, callers) in [("sqlite-commit", 64), ("sqlite-commit-256", 256)] {
        let directory = scratch()?;
        let meter = Meter::start(&[])?;
        let writer = start(&directory.path().join("raw.db"))?;
        let tally = in_flight(callers, time, move |number| {
            let (done, written) = oneshot::channel();
            let sent = writer.send((number, done));
            async move {
                sent.context("the writer ended")?;
                written.await.context("the writer failed")
            }
        });
        let tally = tally.await?;
        let name = format!("SQLite WAL FULL, group commit, {callers} waiting");
        figures.push(Figure::rate(key, name, &tally).costing(meter.shares(tally.count())?));
    }
    Ok(figures)
}

fn start(file: &Path) -> Result<Sender<Write>> {
    let mut connection = Connection::open(file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE raw (id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID",
    )?;
    let (writer, queue) = channel();
    std::thread::spawn(move || {
        while let Ok(first) = queue.recv() {
            // The writers see an error when this thread ends.
            if commit(&mut connection, first, &queue).is_err() {
                return;
            }
        }
    });
    Ok(writer)
}

fn commit(connection: &mut Connection, first: Write, queue: &Receiver<Write>) -> rusqlite::Result<()> {
    let body = "x".repeat(400);
    let group: Vec<Write> = std::iter::once(first).chain(queue.try_iter().take(GROUP - 1)).collect();
    let transaction = connection.transaction()?;
    {
        let mut insert = transaction.prepare_cached("INSERT INTO raw VALUES (?, 0, ?)")?;
        for (number, _) in &group {
            insert.execute((format!("{number:024x}"), &body))?;
        }
    }
    transaction.commit()?;
    for (_, done) in group {
        // The receiver is gone: the time is up.
        let _ = done.send(());
    }
    Ok(())
}
