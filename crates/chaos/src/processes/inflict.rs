use std::time::Duration;

use anyhow::Result;
use testkit::proxy::LinkState;

use super::crash_points::needs_silence;
use super::fault::Fault;
use super::links::{Link, usual};
use super::system::System;

/// How long it may take to reach a crash point. Some are reached only when an order expires.
const PASSED_WITHIN: Duration = Duration::from_secs(40);
/// How long Stripe is unreachable, so that there is something to reconcile.
const SILENCE: Duration = Duration::from_secs(3);

/// Applies a fault, and ends it. Returns whether it happened: a crash point may not have been reached.
pub(super) async fn inflict(system: &mut System, fault: &Fault) -> Result<bool> {
    match fault {
        Fault::Kill(part, down) => system.kill(*part, *down).await,
        Fault::Freeze(part, span) => system.freeze(*part, *span).await?,
        Fault::Cut(link, line, span) => {
            system.links.set(*link, *line);
            tokio::time::sleep(*span).await;
            system.links.set(*link, usual(*link));
        }
        Fault::Crash(service, point, passing) => {
            if needs_silence(*point) {
                system.links.set(Link::Stripe, LinkState::Dropped);
                tokio::time::sleep(SILENCE).await;
                system.links.set(Link::Stripe, usual(Link::Stripe));
            }
            return Ok(system.crash(*service, *point, *passing, PASSED_WITHIN).await);
        }
    }
    Ok(true)
}
