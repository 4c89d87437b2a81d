use std::collections::{BTreeMap, BTreeSet};

use server::services::ServiceName;

use super::run::Run;
use crate::simulation::faults::AGAIN;
use crate::simulation::history::{Committed, HistoryEvent};

/// The consumers of each event.
const CONSUMERS: [(&str, &[&str]); 22] = [
    ("tickets-orders", &["orders.created", "orders.cancelled", "orders.completed"]),
    ("expiration-orders", &["orders.created", "orders.cancelled", "orders.completed"]),
    ("payments-orders", &["orders.created", "orders.cancelled", "orders.completed"]),
    ("mail-orders", &["orders.created", "orders.cancelled", "orders.completed"]),
    ("orders-tickets", &["tickets.created", "tickets.updated"]),
    ("tickets-users", &["users.erased"]),
    ("orders-users", &["users.erased"]),
    ("payments-users", &["users.erased"]),
    ("mail-tickets", &["tickets.updated", "tickets.event_changed"]),
    ("orders-expiration", &["expiration.completed"]),
    (
        "orders-payments",
        &[
            "payments.started",
            "payments.paused",
            "payments.created",
            "payments.failed",
            "payments.refunded",
            "payments.disputed",
        ],
    ),
    ("mail-payments", &["payments.started", "payments.refunded"]),
    ("mail-notices", &["notices.due"]),
    ("mail-users", &["users.erased"]),
    ("delivery-tickets", &["tickets.created", "tickets.updated"]),
    ("delivery-orders", &["orders.created", "orders.cancelled", "orders.completed"]),
    ("delivery-payments", &["payments.refunded", "payments.disputed"]),
    ("delivery-deliveries", &["deliveries.sealed"]),
    ("delivery-users", &["users.erased"]),
    ("tickets-deliveries", &["deliveries.sealed"]),
    ("orders-deliveries", &["deliveries.missed"]),
    ("mail-deliveries", &["deliveries.released"]),
];

/// The events of an order that are published at most once, or once for all values of these fields. (A
/// cancellation is published again for a late payment.)
const ONCE: [(&str, &[&str]); 12] = [
    ("orders.created", &[]),
    ("orders.completed", &[]),
    ("expiration.completed", &[]),
    ("deliveries.released", &[]),
    ("deliveries.missed", &[]),
    ("users.erased", &[]),
    ("payments.started", &["attempt"]),
    ("payments.paused", &["attempt"]),
    ("payments.created", &[]),
    ("payments.failed", &[]),
    ("payments.refunded", &["stripeRefundId", "status"]),
    ("payments.disputed", &["stripeDisputeId", "status"]),
];

/// I2: every committed event was stored by the bus and processed by every consumer that wants it, at least
/// once; and it took effect once: no event that can be published only once is published twice, no two events
/// have the same id, and no revision of a record is written twice.
///
/// Effects inside a service that leave neither an event nor a record are not seen.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = lost(run);
    seen.extend(published_twice(run));
    seen.extend(written_twice(run));
    seen
}

fn lost(run: &Run) -> Vec<String> {
    let mut processed = BTreeSet::new();
    for entry in &run.entries {
        if let HistoryEvent::Acknowledged { consumer, event, .. } = &entry.what {
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

fn published_twice(run: &Run) -> Vec<String> {
    let mut published: BTreeMap<(&str, &str, String), usize> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    let mut seen = Vec::new();
    for (at, commit) in run.commits() {
        for event in &commit.events {
            if let Some((kind, fields)) = ONCE.iter().find(|(kind, _)| *kind == event.kind) {
                let which: String = fields.iter().map(|field| event.data[field].to_string()).collect();
                *published.entry((kind, &commit.id, which)).or_default() += 1;
            }
            if !ids.insert((&event.source, &event.id)) {
                seen.push(format!("at {at:?} {} {} of {} is another event's id", event.kind, event.id, event.source));
            }
        }
    }
    let twice = published.into_iter().filter(|(_, times)| *times > 1);
    seen.extend(twice.map(|((kind, id, which), times)| format!("{kind} {which} of {id} is published {times} times")));
    seen
}

fn written_twice(run: &Run) -> Vec<String> {
    let mut written: BTreeMap<_, (BTreeSet<u64>, bool)> = BTreeMap::new();
    let mut seen = Vec::new();
    for (at, commit) in run.commits().filter(|(_, commit)| commit.party() != ServiceName::Auth.into()) {
        let (party, Committed { collection, id, revision, .. }) = (commit.party(), commit);
        let (revisions, may_be_gone) = written.entry((party, collection, id)).or_default();
        if *may_be_gone && *revision == 0 {
            revisions.clear();
        }
        if !revisions.insert(*revision) {
            seen.push(format!("at {at:?} {} writes revision {revision} of {collection} {id} again", party.name()));
        }
        *may_be_gone = may_be_removed(commit);
    }
    seen
}

/// Whether the record is removed before long, and begins anew when it is needed again: a code that no ticket has.
fn may_be_removed(Committed { collection, body, .. }: &Committed) -> bool {
    *collection == "codes" && body.get("state").is_some_and(|state| state == "free")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::super::testing::{committed, run, written};
    use super::*;
    use crate::services::events_with_consumers;
    use crate::simulation::party::ProcessName;

    #[test]
    fn it_is_known_who_processes_each_event() {
        let known = CONSUMERS.iter().flat_map(|(_, kinds)| kinds.iter().copied());
        assert_eq!(known.collect::<BTreeSet<_>>(), events_with_consumers().into_iter().collect());
    }

    #[test]
    fn a_revision_that_two_processes_write_is_noticed() {
        let by = |number, revision| {
            let process = ProcessName { service: ServiceName::Orders, number };
            written(Duration::ZERO, Committed { revision, ..committed(process, "orders", "1", json!({})) })
        };
        assert_eq!(check(&run(vec![by(0, 0), by(1, 1), by(0, 2)])), [""; 0]);
        assert_eq!(check(&run(vec![by(0, 0), by(1, 1), by(0, 1)])).len(), 1);
    }

    #[test]
    fn a_code_that_no_ticket_had_may_begin_anew() {
        let code = |revision, state| {
            let process = ProcessName { service: ServiceName::Delivery, number: 0 };
            let body = json!({"state": state});
            written(Duration::ZERO, Committed { revision, ..committed(process, "codes", "1", body) })
        };
        let first = [code(0, "claimed"), code(1, "held"), code(2, "free")];
        let again = |with| [first.as_slice(), &[with]].concat();
        assert_eq!(check(&run(again(code(0, "claimed")))), [""; 0]);
        assert_eq!(check(&run(again(code(2, "claimed")))).len(), 1);
        assert_eq!(check(&run(vec![code(0, "claimed"), code(1, "held"), code(0, "claimed")])).len(), 1);
    }
}
