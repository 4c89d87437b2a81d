use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};

use super::pattern::Pattern;
use super::{GROWING, Purchase, Sample};
use crate::system::{ServiceName, System};

/// Rows in a transaction.
const GROUP: usize = 20_000;

fn file(system: &System) -> PathBuf {
    system.data.path().join("data/ticketing.db")
}

pub(super) fn records(system: &System, purchase: &Purchase) -> Result<Vec<Sample>> {
    let mut samples = Vec::new();
    let database = Connection::open_with_flags(file(system), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    for service in GROWING {
        for collection in collections(&database, service)? {
            let mut statement =
                database.prepare(&format!("SELECT id, version, body FROM \"{service}.{collection}\""))?;
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

/// The collections of a service: not the indexes of lists, not those of the simulated Stripe.
fn collections(database: &Connection, service: ServiceName) -> Result<Vec<String>> {
    let all = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE ?1 || '.%' AND name NOT LIKE '%$%'
               AND name NOT LIKE '%.stripe%'";
    let mut statement = database.prepare(all)?;
    let names = statement.query_map([service.as_str()], |row| row.get::<_, String>(0))?;
    let names = names.map(|name| Ok(name?.split_once('.').map_or_else(String::new, |(_, name)| name.to_owned())));
    names.collect()
}

pub(super) async fn fill(system: &System, samples: &[Sample], numbers: Range<u64>) -> Result<()> {
    let (file, samples) = (file(system), samples.to_vec());
    tokio::task::spawn_blocking(move || fill_all(&file, &samples, numbers)).await.context("a thread that fills")?
}

fn fill_all(file: &Path, samples: &[Sample], numbers: Range<u64>) -> Result<()> {
    let mut database = Connection::open(file)?;
    database.execute_batch("PRAGMA synchronous = OFF")?;
    let numbers: Vec<u64> = numbers.collect();
    for sample in samples {
        for group in numbers.chunks(GROUP) {
            let transaction = database.transaction()?;
            {
                let table = format!("\"{}.{}\"", sample.service, sample.collection);
                let insert = format!("INSERT INTO {table} (id, version, body) VALUES (?, ?, ?)");
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
