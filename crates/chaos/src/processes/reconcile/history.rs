//! I1, I2, I3, I8 over everything that ever happened, as the streams tell it.

use std::collections::{BTreeMap, BTreeSet};

use common::events::{Envelope, TicketSnapshot};
use common::id::{OrderId, TicketId};
use serde::Deserialize;

use super::books::Books;
use super::violation::Violation;

pub(super) fn violations(books: &Books) -> Vec<Violation> {
    let mut violations = told_twice(&books.told_of_orders);
    violations.extend(told_twice(&books.told_of_tickets));
    violations.extend(of_orders(books));
    violations.extend(of_tickets(books));
    violations
}

/// What the story of an order needs of its events.
#[derive(Deserialize)]
struct Step {
    version: u64,
    #[serde(default)]
    reason: String,
}

/// The stream knows each event once, however often it was published.
fn told_twice(told: &[Envelope]) -> Vec<Violation> {
    let mut seen = BTreeSet::new();
    let again = told.iter().filter(|event| !seen.insert(&event.id));
    again.map(|event| Violation::new("I2", format!("{} {} is in its stream twice", event.kind, event.id))).collect()
}

/// Created; then cancelled or completed, once; and cancelled again only for money that came late.
fn of_orders(books: &Books) -> Vec<Violation> {
    let mut told: BTreeMap<OrderId, BTreeMap<u64, (&str, String)>> = BTreeMap::new();
    for event in &books.told_of_orders {
        if let (Ok(id), Ok(step)) = (event.subject.parse(), event.data.read::<Step>()) {
            told.entry(id).or_default().insert(step.version, (&event.kind, step.reason));
        }
    }
    let is_possible = |story: &BTreeMap<u64, (&str, String)>| {
        let has_no_gap = story.keys().copied().eq(0..story.len() as u64);
        let mut steps = story.values().map(|(kind, reason)| (*kind, reason.as_str()));
        has_no_gap
            && matches!(steps.next(), Some(("orders.created", _)))
            && matches!(steps.next(), None | Some(("orders.cancelled" | "orders.completed", _)))
            && steps.all(|step| step == ("orders.cancelled", "late-payment"))
            && !(story.len() > 2 && story[&1].0 == "orders.completed")
    };
    let impossible = told.iter().filter(|(_, story)| !is_possible(story));
    let impossible =
        impossible.map(|(id, story)| Violation::new("I3", format!("the story of order {id}: {story:?}")).about(*id));
    let untold = books.orders.keys().filter(|id| !told.contains_key(id));
    let untold = untold.map(|id| Violation::new("I2", format!("order {id} was never told")).about(*id));
    let gone = told.keys().filter(|id| !books.orders.contains_key(id));
    let gone = gone.map(|id| Violation::new("I9", format!("order {id} was told and is gone")).about(*id));
    impossible.chain(untold).chain(gone).collect()
}

/// Every version was told; a ticket went from one order to another only by way of nobody, stayed
/// sold, and cost the same as long as it was held.
fn of_tickets(books: &Books) -> Vec<Violation> {
    let mut told: BTreeMap<TicketId, BTreeMap<u64, TicketSnapshot>> = BTreeMap::new();
    let mut violations = Vec::new();
    for event in &books.told_of_tickets {
        match event.data.read::<TicketSnapshot>() {
            Ok(snapshot) => drop(told.entry(snapshot.id).or_default().insert(snapshot.version.0, snapshot)),
            Err(error) => violations.push(Violation::new("I2", format!("unreadable event {}: {error}", event.id))),
        }
    }
    for (id, ticket) in &books.tickets {
        let empty = BTreeMap::new();
        let story = told.get(id).unwrap_or(&empty);
        if !story.keys().copied().eq(0..=ticket.version.0) {
            let what = format!("ticket {id} is at version {} and told {:?}", ticket.version, story.keys());
            violations.push(Violation::new("I2", what).about(*id));
        }
        for (before, after) in story.values().zip(story.values().skip(1)) {
            let is_possible = match (before.order_id, after.order_id) {
                (None, _) => true,
                (Some(_), None) => !before.sold && before.price == after.price,
                (Some(before_order), Some(order)) => {
                    before_order == order && !before.sold && before.price == after.price
                }
            };
            if !is_possible {
                violations.push(Violation::new("I8", format!("from {before:?} to {after:?}")).about(*id));
            }
        }
    }
    violations
}
