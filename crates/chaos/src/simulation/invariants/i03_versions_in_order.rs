use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use server::services::ServiceName;

use super::run::Run;
use crate::simulation::history::Committed;

/// A replica that one service keeps of another's aggregates: its collection, its source, and which of its
/// fields correspond to which of the source.
struct Replica {
    at: (ServiceName, &'static str),
    of: (ServiceName, &'static str),
    fields: &'static [(&'static str, &'static str)],
}

const REPLICAS: [Replica; 3] = [
    Replica {
        at: (ServiceName::Orders, "tickets"),
        of: (ServiceName::Tickets, "tickets"),
        fields: &[
            ("price", "price"),
            ("currency", "currency"),
            ("title", "title"),
            ("details", "details"),
            ("edition", "edition"),
            ("sellerId", "userId"),
        ],
    },
    Replica {
        at: (ServiceName::Tickets, "orders"),
        of: (ServiceName::Orders, "orders"),
        fields: &[("status", "status"), ("ticketId", "ticket.id")],
    },
    Replica {
        at: (ServiceName::Payments, "orders"),
        of: (ServiceName::Orders, "orders"),
        fields: &[("status", "status"), ("price", "ticket.price"), ("userId", "userId"), ("expiresAt", "expiresAt")],
    },
];

/// The replica of which tickets keeps a part elsewhere: in the record of the ticket that the order has.
const ORDERS_IN_TICKETS: (ServiceName, &str) = (ServiceName::Tickets, "orders");

/// I3: replicas go through all published versions of their sources, one by one; each version has the
/// source's values, which do not change without being published; and in an idle system replicas are at the
/// versions of their sources. What a ticket says of its order is not forgotten when the order lets go of it.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen: Vec<_> = REPLICAS.iter().flat_map(|replica| check_replica(run, replica)).collect();
    seen.extend(forgotten(run));
    seen
}

fn check_replica(run: &Run, replica: &Replica) -> Vec<String> {
    let service = replica.at.0;
    let copy = |id: &str| format!("{service}' copy of {} {id}", replica.of.1);
    let mut originals: BTreeMap<(&str, u64), &Committed> = BTreeMap::new();
    let mut latest: BTreeMap<&str, u64> = BTreeMap::new();
    let mut seen = Vec::new();
    let sources = run.commits_to(replica.of.0, replica.of.1);
    for (at, commit) in sources.filter(|(_, commit)| commit.text("status") != Some("closed")) {
        let published = *originals.entry((&commit.id, commit.version)).or_insert(commit);
        for (_, field) in
            replica.fields.iter().filter(|(_, field)| told(commit.field(field)) != told(published.field(field)))
        {
            let version = commit.version;
            seen.push(format!("at {at:?} {} {} changes {field} within version {version}", replica.of.1, commit.id));
        }
        latest.insert(&commit.id, commit.version);
    }
    let mut applied: BTreeMap<String, u64> = BTreeMap::new();
    for (at, commit) in copies(run, replica.at) {
        let expected = applied.get(commit.id.as_str()).map_or(0, |version| version + 1);
        if commit.version != expected {
            seen.push(format!("at {at:?} {} goes to version {}, not {expected}", copy(&commit.id), commit.version));
        }
        match originals.get(&(commit.id.as_str(), commit.version)) {
            Some(original) => seen.extend(differences(replica, &commit, original)),
            None => seen.push(format!("{} has a version {} that never existed", copy(&commit.id), commit.version)),
        }
        applied.insert(commit.id.clone(), commit.version);
    }
    for (id, version) in latest.iter().filter(|(id, version)| applied.get(**id) != Some(*version)) {
        seen.push(format!("{} ends at version {:?}, not {version}", copy(id), applied.get(*id)));
    }
    seen
}

/// Every version of a replica that was written, in order.
fn copies<'a>(run: &'a Run, replica: (ServiceName, &'static str)) -> Vec<(Duration, Cow<'a, Committed>)> {
    let mut in_tickets: BTreeMap<&str, Option<Committed>> = BTreeMap::new();
    let written = |(at, commit): (Duration, &'a Committed)| {
        if commit.is_of(replica.0, replica.1) {
            return Some((at, Cow::Borrowed(commit)));
        }
        if replica != ORDERS_IN_TICKETS || !commit.is_of(ServiceName::Tickets, "tickets") {
            return None;
        }
        let now = copy_in_ticket(commit);
        let before = in_tickets.insert(&commit.id, now.clone()).flatten();
        let is_same =
            |now: &Committed| before.as_ref().is_some_and(|before| (&before.id, &before.body) == (&now.id, &now.body));
        now.filter(|now| !is_same(now)).map(|now| (at, Cow::Owned(now)))
    };
    run.commits().filter_map(written).collect()
}

/// What a ticket says of the order that has it, as if it were written to the replica.
fn copy_in_ticket(ticket: &Committed) -> Option<Committed> {
    let order = ticket.field("order").as_object()?;
    let (id, version) = (ticket.text("order.id")?.to_owned(), ticket.field("order.version").as_u64()?);
    let mut body = order.clone();
    body.insert("ticketId".into(), ticket.id.as_str().into());
    Some(Committed { collection: ORDERS_IN_TICKETS.1, id, version, body, events: Vec::new(), ..ticket.clone() })
}

/// The orders that their tickets say nothing of any more, before they are kept elsewhere.
fn forgotten(run: &Run) -> Vec<String> {
    let mut apart: BTreeMap<&str, u64> = BTreeMap::new();
    let mut in_tickets: BTreeMap<&str, (&str, u64)> = BTreeMap::new();
    let mut seen = Vec::new();
    for (at, commit) in run.commits() {
        if commit.is_of(ORDERS_IN_TICKETS.0, ORDERS_IN_TICKETS.1) {
            apart.insert(&commit.id, commit.version);
        } else if commit.is_of(ServiceName::Tickets, "tickets") {
            let now = commit.text("order.id").zip(commit.field("order.version").as_u64());
            let before = match now {
                Some(now) => in_tickets.insert(&commit.id, now),
                None => in_tickets.remove(commit.id.as_str()),
            };
            if let Some((order, version)) = before
                && now.is_none_or(|(id, _)| id != order)
                && apart.get(order).is_none_or(|known| *known < version)
            {
                seen.push(format!("at {at:?} ticket {} forgets order {order} at version {version}", commit.id));
            }
        }
    }
    seen
}

/// What other services hear of a value: to them an order that waits for its payment is as open as before.
fn told(value: &Value) -> &Value {
    static OPEN: Value = Value::Bool(true);
    match value.as_str() {
        Some("created" | "awaiting:payment") => &OPEN,
        _ => value,
    }
}

fn differences(replica: &Replica, copy: &Committed, original: &Committed) -> Vec<String> {
    let differ = |(here, there): &&(&str, &str)| told(copy.field(here)) != told(original.field(there));
    let describe = |(here, there): &(&str, &str)| {
        let (is, was) = (copy.field(here), original.field(there));
        let (service, Committed { id, version, .. }) = (replica.at.0, copy);
        format!("{service}' copy of {id} says {here} {is} in version {version}, not {was} ({there})")
    };
    replica.fields.iter().filter(differ).map(describe).collect()
}

#[cfg(test)]
mod tests;
