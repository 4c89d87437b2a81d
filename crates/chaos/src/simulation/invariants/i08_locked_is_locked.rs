use std::collections::BTreeMap;

use server::services::ServiceName;

use super::run::Run;
use crate::simulation::history::Committed;

/// I8: from one version of a ticket to the next, its details and price change only while it is free, or not for sale
/// yet; it is freed only when the order that held it is cancelled, sold only when that is complete, and withdrawn from it
/// only when that is cancelled because it was not delivered. In an idle system it is held by its active order, if there
/// is one.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = Vec::new();
    let mut orders: BTreeMap<&str, &Committed> = BTreeMap::new();
    let mut tickets: BTreeMap<&str, &Committed> = BTreeMap::new();
    for (at, commit) in run.commits() {
        if commit.is_order() {
            orders.insert(&commit.id, commit);
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
fn wrong(before: &Committed, after: &Committed, orders: &BTreeMap<&str, &Committed>) -> Option<String> {
    let status = |order: Option<&str>| order.and_then(|order| orders.get(order)?.text("status"));
    let undelivered = |order: Option<&str>| {
        let order = order.and_then(|order| orders.get(order));
        order.is_some_and(|order| order.text("cancellation.reason") == Some("not-delivered"))
    };
    let (from, to) = (before.text("lock.state")?, after.text("lock.state")?);
    let (holder, new_holder) = (before.text("lock.orderId"), after.text("lock.orderId"));
    if !matches!(from, "free" | "unsealed")
        && ["price", "title", "currency", "details"].iter().any(|field| before.field(field) != after.field(field))
    {
        return Some(format!("is edited while it is {from}"));
    }
    match (from, to) {
        ("locked", "free" | "unsealed") if status(holder) != Some("cancelled") => {
            Some(format!("is freed although its order is {:?}", status(holder)))
        }
        ("sold", "free" | "unsealed") => Some("is free again although it was sold".into()),
        ("locked" | "sold", "locked" | "sold") if holder != new_holder => {
            Some(format!("goes from order {holder:?} to {new_holder:?}"))
        }
        ("withdrawn", to) if to != "withdrawn" => Some(format!("is {to} although it was withdrawn")),
        ("locked" | "sold", "withdrawn") if !undelivered(holder) => Some(format!("is withdrawn while it is {from}")),
        // An order that was complete may be cancelled by the time that its ticket hears of either.
        (_, "sold") if status(new_holder) != Some("complete") && !undelivered(new_holder) => {
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
            None if matches!(lock.0, "withdrawn" | "unsealed") => (lock.0, None),
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
