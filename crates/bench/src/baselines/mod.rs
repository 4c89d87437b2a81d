//! The raw limits of this machine, without the product: one file per kind.

mod argon2id;
mod files;
mod http;
mod in_flight;
mod jetstream;
mod mongodb;
pub(crate) mod serve;
mod sqlite;

use std::time::Duration;

use anyhow::Result;

use crate::cli::Measurement;
use crate::report::Figure;

/// Measures the raw limits of one kind, each for so long. Empty for scenarios of the product.
///
/// # Errors
/// If they cannot be measured.
pub(crate) async fn run(measurement: Measurement, time: Duration) -> Result<Vec<Figure>> {
    match measurement {
        Measurement::RawHttp => http::run(time).await,
        Measurement::RawMongodb => mongodb::run(time).await,
        Measurement::RawJetstream => jetstream::run(time).await,
        Measurement::RawSqlite => sqlite::run(time).await,
        Measurement::RawArgon2 => argon2id::run(time).await,
        Measurement::RawFiles => files::run(time).await,
        _ => Ok(Vec::new()),
    }
}
