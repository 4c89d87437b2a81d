use std::collections::HashMap;

use anyhow::Result;
use common::version::Version;
use ports::bus::Watched;
use ports::store::{Collection, Query, Record};

use super::recipe::is_poison;
use super::system::System;
use super::trade::{Traded, Traders};

/// The streams that the product keeps events in.
const STREAMS: [(&str, &[&str]); 4] = [
    ("tickets", &["tickets.created", "tickets.updated"]),
    ("orders", &["orders.created", "orders.cancelled", "orders.completed"]),
    ("expiration", &["expiration.completed"]),
    ("payments", &["payments.created", "payments.failed", "payments.refunded"]),
];

/// Which good events' effects are missing.
pub(super) async fn faults(system: &System, traders: &Traders, traded: &[Traded]) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for Traded { order, end } in traded {
        let status = traders.buyer.order(*order).await?.status;
        if status != *end {
            faults.push(format!("order {order} is {status:?} and not {end:?}"));
        }
    }
    let tickets = versions(system, tickets::NAME, tickets::COLLECTIONS, "tickets").await?;
    let orders = versions(system, orders::NAME, orders::COLLECTIONS, "orders").await?;
    let copies = [
        ("orders", "tickets", &tickets, versions(system, orders::NAME, orders::COLLECTIONS, "tickets").await?),
        ("tickets", "orders", &orders, versions(system, tickets::NAME, tickets::COLLECTIONS, "orders").await?),
        ("payments", "orders", &orders, versions(system, payments::NAME, payments::COLLECTIONS, "orders").await?),
    ];
    for (service, what, originals, copies) in copies {
        faults.extend(behind(originals, &copies).map(|id| format!("{service}' copy of {id} in {what} is behind")));
    }
    let schedules = records(system, expiration::NAME, expiration::COLLECTIONS, "schedules").await?;
    let scheduled = schedules.iter().filter(|schedule| schedule.field("state") == "scheduled");
    let ours = scheduled.filter(|schedule| orders.contains_key(&schedule.id));
    faults.extend(ours.map(|schedule| format!("order {} is still scheduled", schedule.id)));
    Ok(faults)
}

/// What is not at the version that it has where it belongs.
fn behind<'a>(
    originals: &'a HashMap<String, Version>,
    copies: &HashMap<String, Version>,
) -> impl Iterator<Item = &'a String> {
    originals.iter().filter(|(id, version)| copies.get(*id) != Some(version)).map(|(id, _)| id)
}

async fn versions(
    system: &System,
    service: &str,
    collections: &[&'static Collection],
    name: &str,
) -> Result<HashMap<String, Version>> {
    let records = records(system, service, collections, name).await?;
    Ok(records.into_iter().map(|record| (record.id, record.version)).collect())
}

async fn records(
    system: &System,
    service: &str,
    collections: &[&'static Collection],
    name: &str,
) -> Result<Vec<Record>> {
    let collection = collections.iter().find(|collection| collection.name == name);
    let collection = collection.ok_or_else(|| anyhow::anyhow!("{service} has no {name}"))?;
    Ok(system.records(service)?.find(collection, &Query::all(Vec::new())).await?)
}

/// How many good events there have been.
pub(super) async fn good_events(system: &System) -> Result<usize> {
    let mut count = 0;
    for (stream, types) in STREAMS {
        let mut watch = system.bus.watch(stream, types, true).await?;
        while let Watched::Event(envelope) = watch.next().await? {
            count += usize::from(!is_poison(&envelope));
        }
    }
    Ok(count)
}
