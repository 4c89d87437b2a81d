use std::time::Duration;

use anyhow::Result;

use super::crash_points::preparation;
use super::fault::Fault;
use super::links::usual;
use super::prepare::prepare;
use super::system::System;

/// How long it may take to reach a crash point. Some are reached only when an order expires.
const PASSED_WITHIN: Duration = Duration::from_secs(40);

/// Applies a fault, and ends it once its time is over and `meanwhile` is done. Returns whether it happened: a crash point
/// may not have been reached.
pub(super) async fn inflict(system: &mut System, fault: &Fault, meanwhile: impl Future<Output = ()>) -> Result<bool> {
    let lasting = async |span: Duration| {
        tokio::join!(tokio::time::sleep(span), meanwhile);
    };
    match fault {
        Fault::Kill(part, down) => system.kill(*part, lasting(*down)).await,
        Fault::Freeze(part, span) => system.freeze(*part, lasting(*span)).await?,
        Fault::Cut(link, line, span) => {
            system.links.set(*link, *line);
            lasting(*span).await;
            system.links.set(*link, usual(*link));
        }
        Fault::Full(span) => system.fill(lasting(*span)).await?,
        Fault::Crash(service, point, passing) => {
            prepare(system, preparation(*point)).await;
            return Ok(system.crash(*service, *point, *passing, PASSED_WITHIN).await);
        }
    }
    Ok(true)
}
