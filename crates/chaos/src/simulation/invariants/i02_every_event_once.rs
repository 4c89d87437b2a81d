use std::collections::{BTreeMap, BTreeSet};

use super::run::Run;
use crate::simulation::faults::AGAIN;
use crate::simulation::history::Happening;
use crate::simulation::place::Place;

/// Who consumes what.
const CONSUMERS: [(&str, &[&str]); 6] = [
    ("tickets-orders", &["orders.created", "orders.cancelled", "orders.completed"]),
    ("expiration-orders", &["orders.created", "orders.cancelled", "orders.completed"]),
    ("payments-orders", &["orders.created", "orders.cancelled", "orders.completed"]),
    ("orders-tickets", &["tickets.created", "tickets.updated"]),
    ("orders-expiration", &["expiration.completed"]),
    ("orders-payments", &["payments.created", "payments.failed", "payments.refunded"]),
];

/// What a service tells of an order once at most, whatever happens. A payment may fail only once, too,
/// but an order that was cancelled is told as cancelled again for a late payment.
const ONCE: [&str; 6] = [
    "orders.created",
    "orders.completed",
    "expiration.completed",
    "payments.created",
    "payments.failed",
    "payments.refunded",
];

/// I2: every committed event was kept by the bus and processed by everybody who wants it, at least
/// once; and it had its effect once: nothing of what can be told only once is told twice, and no
/// replica has a version twice.
///
/// Effects inside a service that leave neither an event nor a version are not seen.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = untold(run);
    seen.extend(told_twice(run));
    seen.extend(applied_twice(run));
    seen
}

fn untold(run: &Run) -> Vec<String> {
    let mut processed = BTreeSet::new();
    for entry in &run.entries {
        if let Happening::Acknowledged { consumer, event } = &entry.what {
            processed.insert((consumer.as_str(), event.strip_suffix(AGAIN).unwrap_or(event)));
        }
    }
    let mut seen = Vec::new();
    for event in run.commits().flat_map(|(_, commit)| &commit.events) {
        if !run.kept.contains(&format!("{} {}", event.source, event.id)) {
            seen.push(format!("{} {} was committed and never reached the bus", event.kind, event.id));
            continue;
        }
        let wanting = CONSUMERS.iter().filter(|(_, kinds)| kinds.contains(&event.kind.as_str()));
        for (consumer, _) in wanting.filter(|(consumer, _)| !processed.contains(&(*consumer, event.id.as_str()))) {
            seen.push(format!("{consumer} never processed {} {}", event.kind, event.id));
        }
    }
    seen
}

fn told_twice(run: &Run) -> Vec<String> {
    let mut told: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (_, commit) in run.commits() {
        for event in commit.events.iter().filter(|event| ONCE.contains(&event.kind.as_str())) {
            *told.entry((event.kind.as_str(), commit.id.as_str())).or_default() += 1;
        }
    }
    let twice = told.into_iter().filter(|(_, times)| *times > 1);
    twice.map(|((kind, id), times)| format!("{kind} of {id} is told {times} times")).collect()
}

fn applied_twice(run: &Run) -> Vec<String> {
    let mut applied: BTreeMap<(Place, &str, &str, u64), usize> = BTreeMap::new();
    for (_, commit) in run.commits().filter(|(_, commit)| commit.place != Place::Auth) {
        *applied.entry((commit.place, commit.collection, &commit.id, commit.version)).or_default() += 1;
    }
    let twice = applied.into_iter().filter(|(_, times)| *times > 1);
    twice
        .map(|((place, collection, id, version), _)| {
            format!("{} has version {version} of {collection} {id} twice", place.name())
        })
        .collect()
}
