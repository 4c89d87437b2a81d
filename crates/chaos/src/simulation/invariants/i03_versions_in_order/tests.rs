use serde_json::json;

use super::super::testing::{committed, run, written};
use super::*;
use crate::simulation::history::Entry;

fn order(second: u64, version: u64, status: &str) -> Entry {
    let body = json!({"status": status, "ticket": {"id": "t"}});
    let commit = committed(ServiceName::Orders, "orders", "o", body);
    written(Duration::from_secs(second), Committed { version, ..commit })
}

/// Tickets keeps the order apart from its ticket.
fn apart(second: u64, version: u64, status: &str) -> Entry {
    let commit = committed(ServiceName::Tickets, "orders", "o", json!({"status": status, "ticketId": "t"}));
    written(Duration::from_secs(second), Committed { version, ..commit })
}

/// The ticket says this of the order, or nothing. Only what is said of orders is of interest here.
fn ticket(second: u64, order: Option<(u64, &str)>) -> Entry {
    let order = order.map(|(version, status)| json!({"id": "o", "version": version, "status": status}));
    let body = json!({"order": order});
    written(Duration::from_secs(second), committed(ServiceName::Tickets, "tickets", "t", body))
}

/// What is wrong with tickets' copy of the order.
fn wrong(story: Vec<Entry>) -> Vec<String> {
    let mut seen = check(&run(story));
    seen.retain(|what| what.contains("tickets' copy of ") || what.contains("forgets"));
    seen
}

#[test]
fn an_order_may_be_followed_in_its_ticket_and_put_aside_at_its_end() {
    let bought = vec![
        order(0, 0, "created"),
        ticket(1, Some((0, "created"))),
        ticket(2, Some((0, "created"))),
        order(3, 1, "complete"),
        ticket(4, Some((1, "complete"))),
    ];
    assert_eq!(wrong(bought), [""; 0]);
    let given_up = vec![
        order(0, 0, "created"),
        ticket(1, Some((0, "created"))),
        order(2, 1, "cancelled"),
        apart(3, 1, "cancelled"),
        ticket(4, None),
    ];
    assert_eq!(wrong(given_up), [""; 0]);
}

#[test]
fn a_version_that_is_missing_in_the_ticket_or_false_or_comes_twice_is_seen() {
    let placed = || vec![order(0, 0, "created"), ticket(1, Some((0, "created"))), order(2, 1, "complete")];
    assert_eq!(wrong(placed()), ["tickets' copy of orders o ends at version Some(0), not 1"]);
    let also = |entry| placed().into_iter().chain([entry]).collect::<Vec<_>>();
    assert_eq!(wrong(also(ticket(3, Some((1, "complete"))))), [""; 0]);
    assert_eq!(wrong(also(ticket(3, Some((1, "cancelled"))))).len(), 1, "it is complete");
    assert_eq!(wrong(also(ticket(3, Some((2, "complete"))))).len(), 3, "there is no such version");
    let early = vec![order(0, 0, "created"), order(1, 1, "complete"), ticket(2, Some((1, "complete")))];
    assert_eq!(wrong(early).len(), 1);
    let twice = vec![order(0, 0, "created"), ticket(1, Some((0, "created"))), apart(2, 0, "created")];
    assert_eq!(wrong(twice).len(), 1);
}

#[test]
fn an_order_that_its_ticket_forgets_is_seen() {
    let forgotten = vec![order(0, 0, "created"), ticket(1, Some((0, "created"))), ticket(2, None)];
    assert_eq!(wrong(forgotten).len(), 1);
    let before_its_end_is_known = vec![
        order(0, 0, "created"),
        ticket(1, Some((0, "created"))),
        order(2, 1, "cancelled"),
        ticket(3, None),
        apart(4, 1, "cancelled"),
    ];
    assert_eq!(wrong(before_its_end_is_known).len(), 1);
}
