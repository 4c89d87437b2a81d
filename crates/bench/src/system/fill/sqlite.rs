use std::ops::Range;
use std::path::PathBuf;

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};

use super::pattern::Pattern;
use super::{GROWING, Purchase, Sample};
use crate::system::{ServiceName, System};

/// Rows in a transaction.
const GROUP: usize = 20_000;

fn file(system: &System, service: ServiceName) -> PathBuf {
    system.data.path().join("data").join(format!("{service}.db"))
}

pub(super) fn records(system: &System, purchase: &Purchase) -> Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for service in GROWING {
        let database = Connection::open_with_flags(file(system, service), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        for collection in tables(&database)? {
            let mut statement = database.prepare(&format!("SELECT id, version, body FROM {collection}"))?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            for row in rows {
                let (id, version, body): (String, i64, String) = row?;
                let (id, body) = [id, body].map(|text| Pattern::new(text.as_bytes(), purchase)).into();
                samples.push(Sample { service, collection: collection.clone(), id, version, body });
            }
        }
    }
    samples.retain(|sample| sample.id.varies());
    Ok(samples)
}

/// The tables of collections: not the outboxes, not those of the simulated Stripe.
fn tables(database: &Connection) -> Result<Vec<String>> {
    let all = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%$%' AND name NOT LIKE 'stripe%'
               AND name NOT LIKE 'sqlite%'";
    let mut statement = database.prepare(all)?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}

/// One thread for each service's file.
pub(super) async fn fill(system: &System, samples: &[Sample], numbers: Range<u64>) -> Result<()> {
    let mut threads = Vec::new();
    for service in GROWING {
        let (file, numbers) = (file(system, service), numbers.clone());
        let samples: Vec<Sample> = samples.iter().filter(|sample| sample.service == service).cloned().collect();
        threads.push(tokio::task::spawn_blocking(move || fill_one(&file, &samples, numbers)));
    }
    for thread in threads {
        thread.await.context("a thread that fills")??;
    }
    Ok(())
}

fn fill_one(file: &PathBuf, samples: &[Sample], numbers: Range<u64>) -> Result<()> {
    let mut database = Connection::open(file)?;
    database.execute_batch("PRAGMA synchronous = OFF")?;
    let numbers: Vec<u64> = numbers.collect();
    for sample in samples {
        for group in numbers.chunks(GROUP) {
            let transaction = database.transaction()?;
            {
                let insert = format!("INSERT INTO {} (id, version, body) VALUES (?, ?, ?)", sample.collection);
                let mut insert = transaction.prepare_cached(&insert)?;
                for number in group {
                    let (id, body) = (sample.id.of(*number), sample.body.of(*number));
                    insert.execute((std::str::from_utf8(&id)?, sample.version, std::str::from_utf8(&body)?))?;
                }
            }
            transaction.commit()?;
        }
    }
    // So that no measured request has to do it.
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}
