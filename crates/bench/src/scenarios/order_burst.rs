use std::time::Instant;

use anyhow::{Context, Result};

use super::stage::{Stage, per_second};
use crate::load::{Job, closed_loop};
use crate::report::{Figure, Unit};
use crate::system::{Applied, ServiceName};

/// Orders for different tickets, as fast as they are accepted; and the time until every service has applied
/// all of their effects.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    let mut figures = burst(stage, 64).await?;
    // The effects are the same: only the rate of orders differs.
    figures.extend(burst(stage, 256).await?.into_iter().take(1));
    Ok(figures)
}

async fn burst(stage: &mut Stage, connections: usize) -> Result<Vec<Figure>> {
    let engine = stage.system.engine;
    let tickets = stage.tickets(stage.scale.orders).await?;
    let count = tickets.len();
    let job = Job::each(stage.system.address(ServiceName::Orders), connections, stage.orders(&tickets));
    let applied = Applied::since_now(&stage.system).await?;
    let (meter, began) = (stage.meter()?, Instant::now());
    let (tally, _) = closed_loop(job).await?;
    tally.all(201).context("ordering")?;
    applied.until(&effects(count as u64)).await?;
    let applied_rate = per_second(count, began);
    stage.calm_down().await;
    let cpu = meter.shares(count as u64)?;
    stage.assert_held(&tickets).await?;
    let key = format!("order-burst-{connections}");
    let burst = Figure::rate(key, format!("orders accepted, {connections} connections"), &tally).on(engine);
    let name = "orders with every effect applied everywhere";
    let applied = Figure::new("orders-applied", name, Unit::PerSecond, applied_rate).on(engine);
    Ok(vec![burst, applied.costing(cpu)])
}

/// The effects of so many orders: the ticket is locked, the deadline known, the payment expected, and the
/// replica updated.
pub(super) fn effects(orders: u64) -> [(&'static str, &'static str, u64); 4] {
    [
        ("tickets-orders", "orders.created", orders),
        ("expiration-orders", "orders.created", orders),
        ("payments-orders", "orders.created", orders),
        ("orders-tickets", "tickets.updated", orders),
    ]
}
