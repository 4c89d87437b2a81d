use anyhow::Result;

use super::stage::Stage;
use crate::report::Figure;

/// The listed tickets are ordered by later scenarios.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    let (count, meter) = (2 * stage.scale.orders, stage.meter()?);
    let tally = stage.list(count, 64).await?;
    stage.calm_down().await;
    let figure = Figure::rate("list-creation", "tickets listed, 64 connections", &tally);
    Ok(vec![figure.costing(meter.shares(tally.count())?).on(stage.system.engine)])
}
