mod paid_back;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;
use server::services::ServiceName;

use super::run::{Exchange, Run};

/// I23: what a buyer has got is taken back exactly when their order is cancelled, or all of their money goes back: in an
/// idle system every handover stands as its order does and as payments has told of its money, and nobody is shown a ticket
/// once delivery has committed that it is taken back.
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
        if standing(handover.text("status"), handover.field("moneyBack")) == Some("takenBack") {
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

/// How a handover stands by its record.
fn standing<'a>(status: Option<&'a str>, money_back: &Value) -> Option<&'a str> {
    if status == Some("complete") && *money_back == true { Some("takenBack") } else { status }
}

fn at_rest(run: &Run) -> Vec<String> {
    let completed: BTreeSet<&str> = run
        .order_commits()
        .filter(|(_, order)| order.text("status") == Some("complete"))
        .map(|(_, order)| order.id.as_str())
        .collect();
    let wrong = run.orders().filter_map(|order| {
        let expected = match order.field("status").as_str() {
            Some("complete") if paid_back::is_paid_back(run, order) => "takenBack",
            Some("complete") => "complete",
            Some("cancelled") if completed.contains(order.id.as_str()) => "takenBack",
            Some("cancelled") => "cancelled",
            _ => "open",
        };
        let handover = run.record(ServiceName::Delivery, "handovers", &order.id);
        let stands =
            handover.and_then(|handover| standing(handover.field("status").as_str(), handover.field("moneyBack")));
        (stands != Some(expected))
            .then(|| format!("in the end the handover of {} is {stands:?}, not {expected}", order.id))
    });
    wrong.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{answered, committed, event, leave, run, written};
    use super::*;
    use crate::simulation::history::{Entry, EventRef};

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
    fn what_is_shown_after_the_money_went_back_is_seen() {
        let body = json!({"status": "complete", "moneyBack": true});
        let back = written(SECOND * 5, committed(ServiceName::Delivery, "handovers", "o", body));
        let shown = |second: u32| {
            let body = json!({"state": "released", "codes": [{"text": "A1"}]});
            answered(SECOND * second, ServiceName::Delivery, "GET /api/deliveries/orders/o", body)
        };
        let found = |second| check(&run(shown(second).into_iter().chain([back.clone()]).collect())).len();
        assert_eq!((found(4), found(6)), (0, 1));
    }

    #[test]
    fn in_the_end_a_ticket_is_taken_back_where_the_money_is_and_nowhere_else() {
        let ends = |told: Value, money_back: bool| {
            let mut payment = committed(ServiceName::Payments, "payments", "o", json!({}));
            payment.events = vec![EventRef { data: told, ..event("payments.refunded", "o") }];
            let mut run = run(vec![written(SECOND, payment)]);
            let order = json!({"status": "complete", "ticket": {"price": 2050}});
            leave(&mut run, ServiceName::Orders, "orders", "o", order);
            let handover = json!({"status": "complete", "moneyBack": money_back});
            leave(&mut run, ServiceName::Delivery, "handovers", "o", handover);
            check(&run).len()
        };
        let (all, part) = (json!({"orderId": "o", "amount": 20.5}), json!({"orderId": "o", "amount": 20.49}));
        assert_eq!(ends(all.clone(), true) + ends(part.clone(), false), 0);
        assert_eq!((ends(all, false), ends(part, true)), (1, 1));
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
