use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use server::services::ServiceName;

use super::run::{Exchange, Run};

/// I23: what a buyer has got is taken back exactly when their order is cancelled: in an idle system every handover stands
/// as its order does, and nobody is shown a ticket once delivery has committed that it is taken back.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = shown_afterwards(run);
    if run.came_to_rest {
        seen.extend(at_rest(run));
    }
    seen
}

fn shown_afterwards(run: &Run) -> Vec<String> {
    let mut taken_back: BTreeMap<&str, Duration> = BTreeMap::new();
    for (at, handover) in run.commits_to(ServiceName::Delivery, "handovers") {
        if handover.text("status") == Some("takenBack") {
            taken_back.entry(&handover.id).or_insert(at);
        }
    }
    let shown = run.exchanges().filter(Exchange::succeeded).filter_map(|exchange| {
        let order = exchange.after("GET /api/deliveries/orders/")?;
        let since = *taken_back.get(order)?;
        let is_shown = exchange.body["codes"].as_array().is_some_and(|codes| !codes.is_empty());
        let is_late = exchange.asked_at > since && (is_shown || exchange.body["state"] == "released");
        is_late.then(|| format!("at {:?} order {order} shows what was taken back at {since:?}", exchange.asked_at))
    });
    shown.collect()
}

fn at_rest(run: &Run) -> Vec<String> {
    let completed: BTreeSet<&str> = run
        .order_commits()
        .filter(|(_, order)| order.text("status") == Some("complete"))
        .map(|(_, order)| order.id.as_str())
        .collect();
    let wrong = run.orders().filter_map(|order| {
        let expected = match order.field("status").as_str() {
            Some("complete") => "complete",
            Some("cancelled") if completed.contains(order.id.as_str()) => "takenBack",
            Some("cancelled") => "cancelled",
            _ => "open",
        };
        let handover = run.record(ServiceName::Delivery, "handovers", &order.id);
        let stands = handover.and_then(|handover| handover.field("status").as_str());
        (stands != Some(expected))
            .then(|| format!("in the end the handover of {} is {stands:?}, not {expected}", order.id))
    });
    wrong.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::testing::{answered, committed, leave, run, written};
    use super::*;
    use crate::simulation::history::Entry;

    const SECOND: Duration = Duration::from_secs(1);

    fn taken_back(second: u32) -> Entry {
        let handover = committed(ServiceName::Delivery, "handovers", "o", json!({"status": "takenBack"}));
        written(SECOND * second, handover)
    }

    #[test]
    fn what_is_shown_after_it_was_taken_back_is_seen() {
        let shown = |second: u32, body: Value| {
            answered(SECOND * second, ServiceName::Delivery, "GET /api/deliveries/orders/o", body)
        };
        let found = |entries: [Entry; 2]| check(&run(entries.into_iter().chain([taken_back(5)]).collect())).len();
        assert_eq!(found(shown(4, json!({"state": "released", "codes": [{"text": "A1"}]}))), 0);
        assert_eq!(found(shown(6, json!({"state": "released", "codes": [{"text": "A1"}]}))), 1);
        assert_eq!(found(shown(6, json!({"state": "taken_back", "codes": []}))), 0);
    }

    #[test]
    fn in_the_end_every_handover_stands_as_its_order() {
        let ends = |status: &str, was_complete: bool, handover: &str| {
            let body = json!({"status": "complete"});
            let complete = written(SECOND, committed(ServiceName::Orders, "orders", "o", body));
            let mut run = run(Vec::from_iter(was_complete.then_some(complete)));
            leave(&mut run, ServiceName::Orders, "orders", "o", json!({"status": status}));
            leave(&mut run, ServiceName::Delivery, "handovers", "o", json!({"status": handover}));
            check(&run).len()
        };
        assert_eq!(ends("complete", true, "complete") + ends("cancelled", true, "takenBack"), 0);
        assert_eq!(ends("cancelled", false, "cancelled") + ends("created", false, "open"), 0);
        assert_eq!(ends("cancelled", true, "complete"), 1);
        assert_eq!(ends("complete", true, "open"), 1);
    }
}
