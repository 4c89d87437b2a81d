use std::collections::BTreeMap;

use server::services::ServiceName;

use super::run::Run;
use crate::simulation::history::Committed;

/// I8: from one version of a ticket to the next, its details and price change only while it is free; it is
/// freed only when the order that held it is cancelled, and sold only when that is complete. In an idle
/// system it is held by its active order, if there is one.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = Vec::new();
    let mut orders: BTreeMap<&str, &str> = BTreeMap::new();
    let mut tickets: BTreeMap<&str, &Committed> = BTreeMap::new();
    for (at, commit) in run.commits() {
        if commit.is_order() {
            orders.insert(&commit.id, commit.text("status").unwrap_or_default());
        }
        if commit.is_of(ServiceName::Tickets, "tickets")
            && let Some(before) = tickets.insert(&commit.id, commit)
        {
            seen.extend(wrong(before, commit, &orders).map(|what| format!("at {at:?} ticket {} {what}", commit.id)));
        }
    }
    seen.extend(at_rest(run));
    seen
}

/// What is wrong with the change from one version to the next.
fn wrong(before: &Committed, after: &Committed, orders: &BTreeMap<&str, &str>) -> Option<String> {
    let status = |order: Option<&str>| order.and_then(|order| orders.get(order)).copied();
    let (from, to) = (before.text("lock.state")?, after.text("lock.state")?);
    let (holder, new_holder) = (before.text("lock.orderId"), after.text("lock.orderId"));
    if from != "free"
        && ["price", "title", "currency", "details"].iter().any(|field| before.field(field) != after.field(field))
    {
        return Some(format!("is edited while it is {from}"));
    }
    match (from, to) {
        ("locked", "free") if status(holder) != Some("cancelled") => {
            Some(format!("is freed although its order is {:?}", status(holder)))
        }
        ("sold", "free") => Some("is free again although it was sold".into()),
        ("locked" | "sold", "locked" | "sold") if holder != new_holder => {
            Some(format!("goes from order {holder:?} to {new_holder:?}"))
        }
        ("withdrawn", to) if to != "withdrawn" => Some(format!("is {to} although it was withdrawn")),
        ("locked" | "sold", "withdrawn") => Some(format!("is withdrawn while it is {from}")),
        (_, "sold") if status(new_holder) != Some("complete") => {
            Some(format!("is sold although its order is {:?}", status(new_holder)))
        }
        _ => None,
    }
}

fn at_rest(run: &Run) -> Vec<String> {
    let mut holders: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for order in run.orders() {
        let (ticket, status) = (order.field("ticket.id").as_str(), order.field("status").as_str());
        if let (Some(ticket), Some(status)) = (ticket, status)
            && status != "cancelled"
        {
            holders.insert(ticket, (&order.id, status));
        }
    }
    let mut seen = Vec::new();
    for ticket in run.records(ServiceName::Tickets, "tickets") {
        let lock = (ticket.field("lock.state").as_str().unwrap_or_default(), ticket.field("lock.orderId").as_str());
        let expected = match holders.get(ticket.id.as_str()) {
            None if lock.0 == "withdrawn" => ("withdrawn", None),
            None => ("free", None),
            Some((order, "complete")) => ("sold", Some(*order)),
            Some((order, _)) => ("locked", Some(*order)),
        };
        if lock != expected {
            seen.push(format!("ticket {} ends as {lock:?}, and by its orders is {expected:?}", ticket.id));
        }
    }
    seen
}
