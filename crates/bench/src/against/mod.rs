//! The product beside a peer that does the same job: both are driven through the same contract, with the same
//! loads, on the same machine, one after the other.

mod comparison;
mod contract;
mod loads;
mod purchase;
mod site;
mod stock;
mod visitor;

use std::time::Duration;

use anyhow::{Context, Result};
use http::Uri;
use testkit::process::Program;

use crate::system::{Engine, System};
use comparison::Run;
pub(crate) use comparison::{Comparison, table};
use loads::{Load, Market};
pub(crate) use site::{Site, base_url};

/// Connections of every load, each with one request at a time.
const CONNECTIONS: usize = 64;
/// How long one service may take to hear of what another has acknowledged.
const PATIENCE: Duration = Duration::from_secs(30);
/// How soon it is asked again.
const PAUSE: Duration = Duration::from_millis(20);

/// The peer at this base URL.
///
/// # Errors
/// If it cannot be reached, or answers something else than the contract's list.
pub(crate) async fn find_peer(url: &Uri) -> Result<Site> {
    let peer = Site::at(url).await?;
    loads::check_list(&peer).await.with_context(|| format!("{} is no such peer", peer.name))?;
    Ok(peer)
}

/// Drives the product on each of these engines, and then the peer. What fails is part of the comparison.
///
/// # Errors
/// If the product cannot be launched.
pub(crate) async fn run(ticketing: &Program, engines: &[Engine], peer: &Site, count: usize) -> Result<Comparison> {
    let mut runs = Vec::new();
    for engine in engines {
        eprintln!("the product ({})", engine.title());
        let system = System::launch(ticketing, *engine).await?;
        runs.push(drive(&Site::of(&system), count).await);
    }
    eprintln!("{}", peer.name);
    runs.push(drive(peer, count).await);
    Ok(Comparison { count, runs })
}

/// All loads on one site, as far as they get.
async fn drive(site: &Site, count: usize) -> Run {
    let mut run = Run::new(&site.name);
    let market = match Market::open(site, count).await {
        Ok(market) => market,
        Err(error) => {
            run.failures.push(format!("before the loads: {error:#}"));
            return run;
        }
    };
    for load in Load::ALL {
        eprintln!("  {}", load.title());
        match market.measure(load).await {
            Ok(tally) => run.measured(load, &tally),
            Err(error) => run.failures.push(format!("{}: {error:#}", load.title())),
        }
    }
    run
}
