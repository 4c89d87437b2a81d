use anyhow::{Context, Result};

use super::order_burst::effects;
use super::stage::Stage;
use crate::load::{Job, closed_loop};
use crate::report::{Figure, Unit};
use crate::system::{Applied, ServiceName};

/// Orders over 64 connections in an empty marketplace, and with the records of earlier purchases.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    stage.begin_again().await?;
    let sample = stage.one_purchase().await?;
    let records = sample.records(&stage.system).await?;
    let (mut figures, mut empty, mut filled) = (Vec::new(), None, 0);
    for existing in stage.scale.existing.iter().copied() {
        stage.system.fill(&records, filled..existing).await.context("filling the databases")?;
        filled = existing;
        let rate = rate(stage).await?;
        let at = format!("orders accepted beside {existing} existing, 64 connections");
        figures.push(Figure::new(format!("orders-at-{existing}"), at, Unit::PerSecond, rate).on(stage.system.engine));
        let empty = *empty.get_or_insert(rate);
        if existing > 0 {
            let kept = format!("order rate beside {existing} existing against none");
            let kept = Figure::new(format!("orders-kept-at-{existing}"), kept, Unit::Percent, 100.0 * rate / empty);
            figures.push(kept.on(stage.system.engine));
        }
    }
    Ok(figures)
}

/// The better of two bursts: the first one has cold caches after a restart.
async fn rate(stage: &mut Stage) -> Result<f64> {
    let mut best = 0.0_f64;
    for _ in 0..2 {
        let tickets = stage.tickets(stage.scale.orders / 2).await?;
        let applied = Applied::since_now(&stage.system).await?;
        let job = Job::each(stage.system.address(ServiceName::Orders), 64, stage.orders(&tickets));
        let (tally, _) = closed_loop(job).await?;
        tally.all(201)?;
        applied.until(&effects(tickets.len() as u64)).await?;
        best = best.max(tally.rate());
    }
    Ok(best)
}
