use anyhow::{Result, ensure};
use serde_json::json;

use super::stage::Stage;
use crate::load::{Job, closed_loop, get, post};
use crate::report::{Figure, Unit};
use crate::system::ServiceName;

/// The number of buyers, all different.
const BUYERS: usize = 10_000;
/// How many of them send requests concurrently.
const CONNECTIONS: usize = 256;

/// All buyers want the same ticket: one gets it, and all others are refused quickly.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    let ticket = stage.tickets(1).await?.remove(0);
    let sessions = stage.system.strangers(BUYERS).await?;
    let body = json!({"ticketId": ticket});
    let requests = sessions.iter().map(|session| post("/api/orders", Some(session), None, &body)).collect();
    let meter = stage.meter()?;
    let job = Job::each(stage.system.address(ServiceName::Orders), CONNECTIONS, requests);
    let (tally, _) = closed_loop(job).await?;
    let (winners, losers) = (tally.with_status(201), tally.with_status(400));
    ensure!(winners == 1, "{winners} of {BUYERS} buyers got the same ticket");
    ensure!(winners + losers == BUYERS as u64, "unexpected response: {tally:?}");
    stage.calm_down().await;
    let cpu = meter.shares(tally.count())?;
    let shown = get(&format!("/api/tickets/{ticket}"), None);
    let (_, held) =
        closed_loop(Job::each(stage.system.address(ServiceName::Tickets), 1, vec![shown]).keeping()).await?;
    ensure!(held.iter().all(|body| super::stage::is_held(body)), "the ticket is not locked");
    let rate = losers as f64 / tally.elapsed.as_secs_f64();
    let figure = Figure::new("rush-losers", "10,000 buyers of one ticket: losers answered", Unit::PerSecond, rate);
    let note = format!("{winners} winner, {losers} losers");
    Ok(vec![figure.latency(&tally).costing(cpu).noting(note).on(stage.system.engine)])
}
