use anyhow::Result;

use super::stage::Stage;
use crate::load::{Job, closed_loop, get};
use crate::report::Figure;
use crate::system::ServiceName;

/// The first page of the catalogue, with at least 20 tickets.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    let enough = stage.tickets(100).await?;
    let address = stage.system.address(ServiceName::Tickets);
    let request = get("/api/tickets?limit=20", None);
    closed_loop(Job::each(address, 64, vec![request.clone(); 1000])).await?;
    let meter = stage.meter()?;
    let (tally, _) = closed_loop(Job::repeat(address, 64, vec![request], stage.scale.time)).await?;
    tally.all(200)?;
    stage.put_back(enough);
    let figure = Figure::rate("list-page", "list page of 20, 64 connections", &tally);
    Ok(vec![figure.costing(meter.shares(tally.count())?).on(stage.system.engine)])
}
