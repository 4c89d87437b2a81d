use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;
use server::services::ServiceName;

use super::run::{Exchange, Run, moment};
use crate::simulation::history::Committed;

/// I22: a ticket is released to the buyer of an order exactly when that is complete and its seller has given what was
/// promised: of what was sealed, that which the order was made of. What was promised for a moment and has not come by then
/// is missed, and never released; and what is missed is not kept complete. What is paid back by then is neither.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = by_commits(run);
    let typed = typed(run);
    let shown =
        run.exchanges().filter(Exchange::succeeded).filter_map(|exchange| shown_wrongly(run, &exchange, &typed));
    seen.extend(shown);
    if run.came_to_rest {
        seen.extend(run.orders().filter_map(|order| {
            let (given, expected) = (given(run, &order.id), expected(run, order));
            (!given.is_some_and(|given| expected.contains(&given)))
                .then(|| format!("in the end order {} is given {given:?}, not {expected:?}", order.id))
        }));
    }
    seen
}

fn by_commits(run: &Run) -> Vec<String> {
    let mut completed: BTreeMap<&str, &Committed> = BTreeMap::new();
    let mut given: BTreeMap<&str, &str> = BTreeMap::new();
    let mut seen = Vec::new();
    for (at, commit) in run.commits() {
        if commit.is_order() && commit.text("status") == Some("complete") {
            completed.insert(&commit.id, commit);
        }
        if !commit.is_of(ServiceName::Delivery, "handovers") {
            continue;
        }
        let now = commit.text("given").unwrap_or_default();
        let before = given.insert(&commit.id, now).unwrap_or("nothing");
        if before == now {
            continue;
        }
        let wrong = match (before, completed.get(commit.id.as_str())) {
            ("nothing", Some(order)) => ill_given(now, order, commit),
            ("nothing", None) => Some("before it is paid".into()),
            _ => Some(format!("after it was {before}")),
        };
        seen.extend(wrong.map(|wrong| format!("at {at:?} order {} is given {now} {wrong}", commit.id)));
    }
    seen
}

/// What is wrong with what a complete order is given.
fn ill_given(given: &str, order: &Committed, handover: &Committed) -> Option<String> {
    let promise = order.field("ticket.details.delivery");
    if *handover.field("moneyBack") == true {
        return Some("although the money is back".into());
    }
    match (given, promise["mode"].as_str()) {
        ("released", Some("sealed")) if *handover.field("seal") == promise["seal"] => None,
        ("released", Some("later")) => None,
        ("missed", Some("later")) => {
            let is_early = moment(handover.field("at")) < moment(&promise["until"]);
            is_early.then(|| format!("at {}, before {}", handover.field("at"), promise["until"]))
        }
        _ => Some(format!("by the promise {promise}")),
    }
}

/// What people have typed as the codes of each ticket, whatever they were answered.
fn typed(run: &Run) -> BTreeMap<String, BTreeSet<String>> {
    let mut typed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for exchange in run.exchanges() {
        let ticket = exchange.after("PUT /api/deliveries/tickets/").and_then(|rest| rest.strip_suffix("/code"));
        if let (Some(ticket), Some(code)) = (ticket, exchange.sent["code"].as_str()) {
            typed.entry(ticket.to_owned()).or_default().insert(code.to_owned());
        }
    }
    typed
}

/// What somebody is shown of a ticket that is not theirs, or not this ticket.
fn shown_wrongly(run: &Run, exchange: &Exchange, typed: &BTreeMap<String, BTreeSet<String>>) -> Option<String> {
    let order = exchange.after("GET /api/deliveries/orders/")?;
    let codes = exchange.body["codes"].as_array().filter(|codes| !codes.is_empty())?;
    let ticket = exchange.body["ticketId"].as_str().unwrap_or_default();
    let is_theirs = |code: &Value| {
        let text = code["text"].as_str().unwrap_or_default();
        typed.get(ticket).is_some_and(|typed| typed.contains(text))
    };
    let is_paid = was_complete(run, order, exchange.answered_at) && exchange.body["state"] == "released";
    (!is_paid || !codes.iter().all(is_theirs)).then(|| format!("the buyer of {order} is shown {codes:?}"))
}

fn was_complete(run: &Run, order: &str, by: Duration) -> bool {
    run.order_commits().any(|(at, commit)| at <= by && commit.id == order && commit.text("status") == Some("complete"))
}

fn given<'a>(run: &'a Run, order: &str) -> Option<&'a str> {
    run.record(ServiceName::Delivery, "handovers", order)?.field("given").as_str()
}

/// What may have become of the promise of this order in an idle system.
fn expected(run: &Run, order: &ports::store::Record) -> &'static [&'static str] {
    let promise = order.field("ticket.details.delivery");
    let ticket = order.field("ticket.id").as_str().unwrap_or_default();
    let has_come = || {
        let admission = run.record(ServiceName::Delivery, "admissions", ticket);
        admission.is_some_and(|admission| admission.field("seals").as_array().is_some_and(|seals| !seals.is_empty()))
    };
    let is_paid_back = run
        .record(ServiceName::Delivery, "handovers", &order.id)
        .is_some_and(|handover| *handover.field("moneyBack") == true);
    match (order.field("status").as_str(), promise["mode"].as_str()) {
        // It may have been released before that.
        (Some("complete"), Some("sealed" | "later")) if is_paid_back => &["nothing", "released"],
        (Some("complete"), Some("sealed")) => &["released"],
        (Some("complete"), Some("later")) if has_come() => &["released"],
        (Some("cancelled"), _) if order.field("cancellation.reason") == "not-delivered" => &["missed"],
        _ => &["nothing"],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{answered, committed, leave, run, shown, written};
    use super::*;
    use crate::simulation::history::{Entry, HistoryEvent};

    const SECOND: Duration = Duration::from_secs(1);

    fn sealed() -> Value {
        json!({"mode": "sealed", "seal": 1})
    }

    /// By the tenth second.
    fn later() -> Value {
        json!({"mode": "later", "until": shown(SECOND * 10)})
    }

    fn order(second: u32, status: &str, promise: &Value) -> Entry {
        let body = json!({"status": status, "ticket": {"id": "t", "details": {"delivery": promise}}});
        written(SECOND * second, committed(ServiceName::Orders, "orders", "o", body))
    }

    fn handover(second: u32, given: &str, seal: u32) -> Entry {
        let body = json!({"given": given, "seal": seal, "at": shown(SECOND * second)});
        written(SECOND * second, committed(ServiceName::Delivery, "handovers", "o", body))
    }

    fn violations(entries: Vec<Entry>) -> usize {
        let mut run = run(entries);
        run.came_to_rest = false;
        check(&run).len()
    }

    #[test]
    fn what_is_paid_is_given_as_it_was_promised() {
        let given = |promise: &Value, second, given: &str, seal| {
            violations(vec![order(1, "created", promise), order(2, "complete", promise), handover(second, given, seal)])
        };
        assert_eq!(given(&sealed(), 3, "released", 1), 0);
        assert_eq!(given(&sealed(), 3, "released", 2), 1, "another one than was bought");
        assert_eq!(given(&sealed(), 30, "missed", 0), 1, "it was there");
        assert_eq!(given(&later(), 3, "released", 7), 0);
        assert_eq!(given(&later(), 11, "missed", 0), 0);
        assert_eq!(given(&later(), 9, "missed", 0), 1, "too early");
        assert_eq!(given(&Value::Null, 3, "released", 1), 1, "nothing was promised");
    }

    #[test]
    fn what_is_not_paid_or_decided_already_is_not_given() {
        assert_eq!(violations(vec![order(1, "created", &sealed()), handover(2, "released", 1)]), 1);
        let both = vec![order(1, "complete", &later()), handover(11, "missed", 0), handover(12, "released", 1)];
        assert_eq!(violations(both), 1);
    }

    #[test]
    fn what_is_given_after_the_money_went_back_is_seen() {
        let given = |given: &str, money_back: bool| {
            let body = json!({"given": given, "seal": 1, "at": shown(SECOND * 11), "moneyBack": money_back});
            let handover = written(SECOND * 11, committed(ServiceName::Delivery, "handovers", "o", body));
            violations(vec![order(2, "complete", &later()), handover])
        };
        assert_eq!((given("released", false), given("missed", false), given("nothing", true)), (0, 0, 0));
        assert_eq!((given("released", true), given("missed", true)), (1, 1));
    }

    #[test]
    fn what_a_buyer_is_shown_is_what_the_seller_has_typed() {
        let shows = |code: &str, paid: bool| {
            let body = json!({"ticketId": "t", "state": "released", "codes": [{"symbology": "qr", "text": code}]});
            let call = "GET /api/deliveries/orders/o";
            let mut typing = answered(SECOND, ServiceName::Delivery, "PUT /api/deliveries/tickets/t/code", json!({}));
            // It is another request than the one in which the ticket is shown.
            for half in &mut typing {
                match &mut half.what {
                    HistoryEvent::Asked { number, body, .. } => (*number, *body) = (1, json!({"code": "A1"})),
                    HistoryEvent::Answered { number, .. } => *number = 1,
                    _ => {}
                }
            }
            let status = if paid { "complete" } else { "created" };
            let story = typing.into_iter().chain([order(2, status, &sealed())]);
            violations(story.chain(answered(SECOND * 3, ServiceName::Delivery, call, body)).collect())
        };
        assert_eq!(shows("A1", true), 0);
        assert_eq!(shows("B2", true), 1, "it is another ticket's");
        assert_eq!(shows("A1", false), 1, "it is not paid");
    }

    #[test]
    fn what_is_not_given_in_the_end_is_seen() {
        let ends_with = |status: &str, reason: &str, promise: &Value, given: &str, money_back: bool| {
            let mut run = run(Vec::new());
            let ticket = json!({"id": "t", "details": {"delivery": promise}});
            let order = json!({"status": status, "cancellation": {"reason": reason}, "ticket": ticket});
            leave(&mut run, ServiceName::Orders, "orders", "o", order);
            let handover = json!({"given": given, "moneyBack": money_back});
            leave(&mut run, ServiceName::Delivery, "handovers", "o", handover);
            check(&run).len()
        };
        let ends =
            |status: &str, reason: &str, promise: &Value, given: &str| ends_with(status, reason, promise, given, false);
        for (given, violations) in [("released", 0), ("nothing", 0), ("missed", 1)] {
            assert_eq!(ends_with("complete", "", &sealed(), given, true), violations, "{given}, and paid back");
        }
        assert_eq!(ends("complete", "", &sealed(), "released"), 0);
        assert_eq!(ends("complete", "", &sealed(), "nothing"), 1);
        assert_eq!(ends("complete", "", &later(), "nothing"), 0, "it may still come");
        assert_eq!(ends("complete", "", &later(), "missed"), 1, "and the money is kept");
        assert_eq!(ends("cancelled", "not-delivered", &later(), "missed"), 0);
        assert_eq!(ends("cancelled", "expired", &sealed(), "nothing"), 0);
    }
}
