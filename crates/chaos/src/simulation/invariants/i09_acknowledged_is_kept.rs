use std::collections::BTreeMap;

use super::run::{Exchange, Run};
use crate::simulation::history::{Committed, Happening};
use crate::simulation::place::Place;

/// I9: what a service, the bus or a database has said is done is still there at the end, through all
/// crashes.
///
/// The databases and the bus's log are in memory, and outlive the processes. That they survive the
/// loss of power on a disk is another experiment's to show.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = lost_records(run);
    for entry in &run.entries {
        if let Happening::Published(told) = &entry.what
            && !run.kept.contains(&format!("{} {}", told.source, told.id))
        {
            seen.push(format!("the bus has lost {} {}", told.kind, told.id));
        }
    }
    let answered = run.exchanges().filter(Exchange::succeeded);
    seen.extend(answered.filter_map(|exchange| broken_promise(run, &exchange)));
    seen
}

fn lost_records(run: &Run) -> Vec<String> {
    let mut latest: BTreeMap<(Place, &'static str, &str), &Committed> = BTreeMap::new();
    for (_, commit) in run.commits().filter(|(_, commit)| commit.place != Place::Stripe) {
        latest.insert((commit.place, commit.collection, &commit.id), commit);
    }
    let is_lost = |commit: &&Committed| {
        let left = run.record(commit.place, commit.collection, &commit.id);
        left.is_none_or(|left| left.version.0 != commit.version || left.body != commit.body)
    };
    let lost = latest.into_values().filter(is_lost);
    lost.map(|commit| {
        format!("{} has lost {} {} v{}", commit.place.name(), commit.collection, commit.id, commit.version)
    })
    .collect()
}

/// What an answer promised and is not so.
fn broken_promise(run: &Run, exchange: &Exchange) -> Option<String> {
    let id = exchange.body["id"].as_str().unwrap_or_default();
    if exchange.call == "POST /api/tickets" {
        let is_there = run.record(Place::Tickets, "tickets", id).is_some();
        return (!is_there).then(|| format!("ticket {id} was listed and is not there"));
    }
    if exchange.call == "POST /api/orders" {
        let is_there = run.record(Place::Orders, "orders", id).is_some();
        return (!is_there).then(|| format!("order {id} was placed and is not there"));
    }
    if exchange.call == "POST /api/payments" {
        let is_there = run.ledger.with_metadata("payment_id", id).any(|intent| intent.captured > 0);
        return (!is_there).then(|| format!("payment {id} was made and no money was taken"));
    }
    if let Some(ticket) = exchange.after("PUT /api/tickets/") {
        let version = exchange.body["version"].as_u64();
        let is_written = |commit: &Committed| commit.id == ticket && Some(commit.version) == version;
        let is_there = run.commits_to(Place::Tickets, "tickets").any(|(_, commit)| is_written(commit));
        return (!is_there).then(|| format!("ticket {ticket} was edited to version {version:?}, which never was"));
    }
    let order = exchange.after("DELETE /api/orders/")?;
    let status = run.record(Place::Orders, "orders", order).map(|order| order.field("status").clone());
    (status.as_ref()? != "cancelled").then(|| format!("order {order} was cancelled and is {status:?}"))
}
