use std::collections::BTreeMap;

use server::services::ServiceName;

use super::run::{Exchange, Run};
use crate::simulation::history::{Committed, HistoryEvent};
use crate::simulation::party::Party;

/// I9: everything acknowledged by a service, the bus or a database is still there at the end, through all
/// crashes.
///
/// The databases and the bus's log are in memory, and outlive the processes. That they survive a power loss
/// is tested by another experiment.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = lost_records(run);
    for entry in &run.entries {
        if let HistoryEvent::Published(event) = &entry.what
            && !run.kept.contains(&format!("{} {}", event.source, event.id))
        {
            seen.push(format!("the bus has lost {} {}", event.kind, event.id));
        }
    }
    let answered = run.exchanges().filter(Exchange::succeeded);
    seen.extend(answered.filter_map(|exchange| broken_promise(run, &exchange)));
    seen
}

fn lost_records(run: &Run) -> Vec<String> {
    let mut latest: BTreeMap<(ServiceName, &'static str, &str), &Committed> = BTreeMap::new();
    for (_, commit) in run.commits() {
        // What a service keeps for itself, such as answers for a day, is read through its answers.
        if let Party::Service(service) = commit.party()
            && run.records.contains_key(&(service, commit.collection))
        {
            latest.insert((service, commit.collection, &commit.id), commit);
        }
    }
    let is_lost = |((service, collection, id), commit): &((ServiceName, &'static str, &str), &Committed)| {
        let left = run.record(*service, collection, id);
        left.map_or(!may_go(commit), |left| left.revision.0 != commit.revision || left.body != commit.body)
    };
    let lost = latest.into_iter().filter(is_lost);
    lost.map(|((service, collection, id), commit)| {
        format!("{service} has lost revision {} of {collection} {id}", commit.revision)
    })
    .collect()
}

/// Whether its service clears it away: a code that no listing has.
fn may_go(commit: &Committed) -> bool {
    commit.is_of(ServiceName::Delivery, "codes") && commit.text("state") == Some("free")
}

/// What a response acknowledged and is not so.
fn broken_promise(run: &Run, exchange: &Exchange) -> Option<String> {
    let id = exchange.body["id"].as_str().unwrap_or_default();
    if exchange.call == "POST /api/tickets" {
        let is_there = run.record(ServiceName::Tickets, "tickets", id).is_some();
        return (!is_there).then(|| format!("ticket {id} was listed and is not there"));
    }
    if exchange.call == "POST /api/orders" {
        let is_there = run.record(ServiceName::Orders, "orders", id).is_some();
        return (!is_there).then(|| format!("order {id} was placed and is not there"));
    }
    if exchange.call == "POST /api/payments" && exchange.status == Some(201) {
        let is_there = run.ledger.with_metadata("payment_id", id).any(|intent| intent.captured > 0);
        return (!is_there).then(|| format!("payment {id} was acknowledged and no money was captured"));
    }
    if let Some(ticket) = exchange.after("PUT /api/tickets/") {
        let version = exchange.body["version"].as_u64();
        let is_written = |commit: &Committed| commit.id == ticket && Some(commit.version) == version;
        let is_there = run.commits_to(ServiceName::Tickets, "tickets").any(|(_, commit)| is_written(commit));
        return (!is_there).then(|| format!("ticket {ticket} was edited to version {version:?}, which never existed"));
    }
    if let Some(ticket) = exchange.after("DELETE /api/tickets/") {
        let left = run.record(ServiceName::Tickets, "tickets", ticket);
        let is_withdrawn = left.is_some_and(|left| left.field("lock.state") == "withdrawn");
        return (!is_withdrawn).then(|| format!("ticket {ticket} was withdrawn and is not"));
    }
    if exchange.call.starts_with("PUT /api/deliveries/tickets/") {
        let ticket = exchange.body["ticketId"].as_str().unwrap_or_default();
        let given = exchange.body["pendingSeal"].as_u64().or_else(|| exchange.body["seal"].as_u64());
        let kept =
            run.record(ServiceName::Delivery, "admissions", ticket).and_then(|left| left.field("lastSeal").as_u64());
        return (kept < given).then(|| format!("{given:?} of ticket {ticket} was given to us, and {kept:?} is there"));
    }
    let order = exchange.after("DELETE /api/orders/")?;
    let status = run.record(ServiceName::Orders, "orders", order).map(|order| order.field("status").clone());
    (status.as_ref()? != "cancelled").then(|| format!("order {order} was cancelled and is {status:?}"))
}
