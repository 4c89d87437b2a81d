//! Whether the system is idle.

use std::time::Duration;

use anyhow::Result;
use async_nats::jetstream;
use common::delivery::DeliveryPromise;
use common::order_status::OrderStatus;
use common::time::Timestamp;
use futures::TryStreamExt;
use server::engines::{BusConfig, OpenOptions};
use server::services::ServiceName;

use super::books::Books;
use super::rows::Ticket;
use crate::processes::system::System;
use crate::services::collections;

/// How long opening a database may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The states of payments that are left sooner or later.
const UNDER_WAY: [&str; 6] = ["authorizing", "awaitingBuyer", "capturing", "voiding", "refunding", "refundPending"];

/// The work still in progress.
///
/// # Errors
/// If the system cannot be queried.
pub(in crate::processes) async fn unrest(system: &System) -> Result<Vec<String>> {
    let mut unrest = unpublished(system).await?;
    unrest.extend(backlog(system).await?);
    let webhooks = system.stripe.pending_webhooks().await?;
    unrest.extend((webhooks > 0).then(|| format!("{webhooks} webhooks have not arrived")));
    if unrest.is_empty() {
        unrest.extend(unfinished(&Books::read(system).await?));
    }
    Ok(unrest)
}

async fn unpublished(system: &System) -> Result<Vec<String>> {
    let mut unpublished = Vec::new();
    for service in ServiceName::ALL {
        let records = system.stores.open(OpenOptions::waiting(PATIENCE))?.of(service.as_str()).await?;
        for collection in collections(service) {
            let events = records.unpublished(collection, Timestamp::MAX, 1000).await?;
            if !events.is_empty() {
                unpublished.push(format!("{} events of {service} wait to be published", events.len()));
            }
        }
    }
    Ok(unpublished)
}

async fn backlog(system: &System) -> Result<Vec<String>> {
    let BusConfig::Nats { url, .. } = &system.bus_config else { return Ok(Vec::new()) };
    let context = jetstream::new(async_nats::connect(url).await?);
    let mut backlog = Vec::new();
    let mut streams = context.streams();
    while let Some(stream) = streams.try_next().await? {
        let stream = context.get_stream(stream.config.name).await?;
        let mut consumers = stream.consumers();
        while let Some(info) = consumers.try_next().await? {
            let waiting = info.num_pending + info.num_ack_pending as u64;
            // Watchers are not durable consumers; their position does not matter.
            if info.config.durable_name.is_some() && waiting > 0 {
                backlog.push(format!("{waiting} messages wait for {}", info.name));
            }
        }
    }
    Ok(backlog)
}

fn unfinished(books: &Books) -> Vec<String> {
    let open = books.orders.values().filter(|order| order.status.is_open()).count();
    let is_ready = |ticket: &&Ticket| ticket.sealing.as_ref().is_some_and(|sealing| sealing.state == "ready");
    let being_sealed = books.tickets.values().filter(is_ready).count();
    let promised = books.orders.values().filter(|order| {
        let is_awaited = matches!(order.ticket.details.delivery, Some(DeliveryPromise::Later { .. }))
            && order.status == OrderStatus::Complete;
        is_awaited && books.handovers.get(&order.id).is_none_or(|handover| handover.given == "nothing")
    });
    let promised = promised.count();
    let due = books.schedules.values().filter(|schedule| schedule.state == "scheduled").count();
    let paying: Vec<_> =
        books.payments.values().filter(|payment| UNDER_WAY.contains(&payment.state.name.as_str())).collect();
    let mut unfinished = Vec::new();
    unfinished.extend((open > 0).then(|| format!("{open} orders are open")));
    unfinished.extend((promised > 0).then(|| format!("{promised} promises are open")));
    unfinished.extend((being_sealed > 0).then(|| format!("{being_sealed} tickets do not say what was given to us")));
    unfinished.extend((due > 0).then(|| format!("{due} orders are scheduled")));
    unfinished
        .extend(paying.first().map(|payment| format!("{} payments are under way, such as {payment:?}", paying.len())));
    unfinished
}
