use std::collections::HashMap;

use anyhow::Result;
use common::events::{EVENT_TYPES, stream_of, streams};
use ports::bus::Watched;
use ports::store::{Query, Record};
use server::services::ServiceName;

use super::recipe::is_poison;
use super::system::System;
use super::trade::{TradedTicket, Traders};
use crate::services::{collection, is_closed_edition, published_version};

/// The missing effects of good events.
pub(super) async fn faults(system: &System, traders: &Traders, traded: &[TradedTicket]) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for TradedTicket { order, end } in traded {
        let status = traders.buyer.order(*order).await?.status;
        if status != *end {
            faults.push(format!("order {order} is {status:?} and not {end:?}"));
        }
    }
    let tickets = versions(system, ServiceName::Tickets, "tickets").await?;
    let orders = versions(system, ServiceName::Orders, "orders").await?;
    let copies = [
        (ServiceName::Orders, "tickets", &tickets),
        (ServiceName::Tickets, "orders", &orders),
        (ServiceName::Payments, "orders", &orders),
    ];
    for (service, what, originals) in copies {
        let mut copies = versions(system, service, what).await?;
        if (service, what) == (ServiceName::Tickets, "orders") {
            copies.extend(in_tickets(system).await?);
        }
        faults.extend(behind(originals, &copies).map(|id| format!("{service}' copy of {id} in {what} is behind")));
    }
    let schedules = records(system, ServiceName::Expiration, "schedules").await?;
    let scheduled = schedules.iter().filter(|schedule| schedule.field("state") == "scheduled");
    let ours = scheduled.filter(|schedule| orders.contains_key(&schedule.id));
    faults.extend(ours.map(|schedule| format!("order {} is still scheduled", schedule.id)));
    Ok(faults)
}

/// Replicas that are not at the version of their source.
fn behind<'a>(originals: &'a HashMap<String, u64>, copies: &HashMap<String, u64>) -> impl Iterator<Item = &'a String> {
    originals.iter().filter(|(id, version)| copies.get(*id) != Some(version)).map(|(id, _)| id)
}

/// By id, the versions known to other services.
async fn versions(system: &System, service: ServiceName, name: &str) -> Result<HashMap<String, u64>> {
    let records = records(system, service, name).await?;
    Ok(records.into_iter().map(|record| (record.id.clone(), published_version(&record))).collect())
}

/// By id, the versions of the orders of which their tickets themselves say what is known.
async fn in_tickets(system: &System) -> Result<HashMap<String, u64>> {
    let tickets = records(system, ServiceName::Tickets, "tickets").await?;
    let order = |ticket: &Record| {
        let id = ticket.field("order.id").as_str()?.to_owned();
        Some((id, ticket.field("order.version").as_u64()?))
    };
    Ok(tickets.iter().filter_map(order).collect())
}

async fn records(system: &System, service: ServiceName, name: &str) -> Result<Vec<Record>> {
    let mut records = system.records(service)?.find(collection(service, name), &Query::all(Vec::new())).await?;
    records.retain(|record| !is_closed_edition(record));
    Ok(records)
}

/// The number of good events so far, ends of sessions aside.
pub(super) async fn good_events(system: &System) -> Result<usize> {
    let mut count = 0;
    for stream in streams().into_iter().filter(|stream| *stream != "sessions") {
        let names = EVENT_TYPES.iter().map(|event| event.name);
        let types: Vec<_> = names.filter(|name| stream_of(name) == stream).collect();
        let mut watch = system.bus.watch(stream, &types, true).await?;
        while let Watched::Event(envelope) = watch.next().await? {
            count += usize::from(!is_poison(&envelope));
        }
    }
    Ok(count)
}
