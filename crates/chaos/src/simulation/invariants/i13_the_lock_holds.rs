use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ports::store::Record;
use server::services::ServiceName;

use super::run::Run;
use crate::simulation::history::Committed;

/// What an edit changes, and an order is made of.
const CONTENT: [&str; 4] = ["title", "price", "currency", "details"];

/// I13: no ticket is edited or withdrawn while an order has it, and every order is made of what its ticket
/// says at that moment. By the commits of tickets and of orders, whatever each knows of the other.
///
/// It is stricter than the invariant, which speaks of what is acknowledged: an answer may be lost, and what
/// was decided is acknowledged when the client asks again.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut tickets: BTreeMap<&str, &Committed> = BTreeMap::new();
    let mut holders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut seen = Vec::new();
    for (at, commit) in run.commits() {
        if commit.is_of(ServiceName::Tickets, "tickets") {
            let before = tickets.insert(&commit.id, commit);
            let holders = holders.get(commit.id.as_str()).filter(|holders| !holders.is_empty());
            if let (Some(change), Some(holders)) = (before.and_then(|before| change(before, commit)), holders) {
                seen.push(format!("at {at:?} ticket {} {change} while it is ordered by {holders:?}", commit.id));
            }
        } else if commit.is_order()
            && let Some(ticket) = commit.text("ticket.id")
        {
            let holders = holders.entry(ticket).or_default();
            match commit.text("status") {
                Some("cancelled") => drop(holders.remove(commit.id.as_str())),
                _ if holders.insert(&commit.id) => seen.extend(made_of_else(at, commit, tickets.get(ticket).copied())),
                _ => {}
            }
        }
    }
    seen.extend(unsellable(run));
    seen
}

/// In an idle system every free ticket is offered as an edition that can be ordered.
fn unsellable(run: &Run) -> Vec<String> {
    let is_closed = |ticket: &&Record| {
        let edition = format!("{}:{}", ticket.id, ticket.field("edition"));
        run.record(ServiceName::Orders, "orders", &edition).is_some()
    };
    let free = run.records(ServiceName::Tickets, "tickets").filter(|ticket| ticket.field("lock.state") == "free");
    free.filter(is_closed).map(|ticket| format!("ticket {} is free, and its edition closed", ticket.id)).collect()
}

/// What a seller did to a ticket between these two commits, if anything.
fn change(before: &Committed, after: &Committed) -> Option<&'static str> {
    if is_withdrawn(after) && !is_withdrawn(before) {
        return Some("is withdrawn");
    }
    CONTENT.iter().any(|field| before.field(field) != after.field(field)).then_some("is edited")
}

/// How a new order differs from the ticket as it is.
fn made_of_else(at: Duration, order: &Committed, ticket: Option<&Committed>) -> Vec<String> {
    let Some(ticket) = ticket else { return vec![format!("at {at:?} order {} is of no ticket", order.id)] };
    if is_withdrawn(ticket) {
        return vec![format!("at {at:?} order {} is of ticket {}, which is withdrawn", order.id, ticket.id)];
    }
    if ticket.text("lock.state") == Some("unsealed") {
        return vec![format!("at {at:?} order {} is of ticket {}, which was not given to us", order.id, ticket.id)];
    }
    let bought = |field: &str| order.field(&format!("ticket.{field}"));
    let other = CONTENT.iter().filter(|field| bought(field) != ticket.field(field));
    let describe = |field: &&str| {
        let (is, says) = (bought(field), ticket.field(field));
        format!("at {at:?} order {} is made of {field} {is}, and ticket {} says {says}", order.id, ticket.id)
    };
    other.map(describe).collect()
}

fn is_withdrawn(ticket: &Committed) -> bool {
    ticket.text("lock.state") == Some("withdrawn")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::testing::{committed, run, written};
    use super::*;
    use crate::simulation::history::Entry;

    fn ticket(second: u64, price: i64, withdrawn: bool) -> Entry {
        let state = if withdrawn { "withdrawn" } else { "free" };
        let body = json!({"title": "Seat 1", "price": price, "currency": "usd", "lock": {"state": state}});
        written(Duration::from_secs(second), committed(ServiceName::Tickets, "tickets", "t", body))
    }

    fn order(second: u64, price: i64, status: &str) -> Entry {
        let bought = json!({"id": "t", "title": "Seat 1", "price": price, "currency": "usd"});
        let body: Value = json!({"status": status, "ticket": bought});
        written(Duration::from_secs(second), committed(ServiceName::Orders, "orders", "o", body))
    }

    #[test]
    fn a_ticket_may_change_before_it_is_ordered_and_once_its_order_has_ended() {
        let story = vec![
            ticket(0, 10, false),
            ticket(1, 20, false),
            order(2, 20, "created"),
            order(3, 20, "cancelled"),
            ticket(4, 30, false),
            ticket(5, 30, true),
        ];
        assert_eq!(check(&run(story)), [""; 0]);
    }

    #[test]
    fn a_change_of_an_ordered_ticket_is_seen() {
        for changed in [ticket(2, 20, false), ticket(2, 10, true)] {
            let story = vec![ticket(0, 10, false), order(1, 10, "created"), changed];
            assert_eq!(check(&run(story)).len(), 1);
        }
        let sold = vec![ticket(0, 10, false), order(1, 10, "complete"), ticket(2, 20, false)];
        assert_eq!(check(&run(sold)).len(), 1);
    }

    #[test]
    fn an_order_of_what_the_ticket_said_before_is_seen() {
        let of_old_price = vec![ticket(0, 10, false), ticket(1, 20, false), order(2, 10, "created")];
        assert_eq!(check(&run(of_old_price)).len(), 1);
        let of_withdrawn = vec![ticket(0, 10, false), ticket(1, 10, true), order(2, 10, "created")];
        assert_eq!(check(&run(of_withdrawn)).len(), 1);
    }
}
