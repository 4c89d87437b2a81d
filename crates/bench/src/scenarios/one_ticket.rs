use anyhow::Result;

use super::stage::Stage;
use crate::load::{Job, closed_loop, get};
use crate::report::Figure;
use crate::system::ServiceName;

/// The number of tickets requested in turn.
const TICKETS: usize = 500;

/// Different tickets, one after the other, of any seller.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    let tickets = stage.tickets(TICKETS).await?;
    let requests = tickets.iter().map(|ticket| get(&format!("/api/tickets/{ticket}"), None)).collect();
    let meter = stage.meter()?;
    let job = Job::repeat(stage.system.address(ServiceName::Tickets), 64, requests, stage.scale.time);
    let (tally, _) = closed_loop(job).await?;
    tally.all(200)?;
    stage.put_back(tickets);
    let figure = Figure::rate("one-ticket", "one ticket by id, 64 connections", &tally);
    Ok(vec![figure.costing(meter.shares(tally.count())?).on(stage.system.engine)])
}
