//! I1, I2, I3, I8 over the full history in the streams.

use std::collections::{BTreeMap, BTreeSet};

use common::events::{Envelope, TicketSnapshot};
use common::id::{OrderId, TicketId};
use serde::Deserialize;

use super::books::Books;
use super::rows::Order;
use super::violation::Violation;

pub(super) fn violations(books: &Books) -> Vec<Violation> {
    let mut violations = published_twice(&books.order_events);
    violations.extend(published_twice(&books.ticket_events));
    violations.extend(of_orders(books));
    violations.extend(of_tickets(books));
    violations
}

/// The parts of an order's events that are checked.
#[derive(Deserialize)]
struct OrderEvent {
    version: u64,
    #[serde(default)]
    reason: String,
}

/// The stream contains each event once, however often it was published.
fn published_twice(events: &[Envelope]) -> Vec<Violation> {
    let mut seen = BTreeSet::new();
    let again = events.iter().filter(|event| !seen.insert(&event.id));
    again.map(|event| Violation::new("I2", format!("{} {} is in its stream twice", event.kind, event.id))).collect()
}

/// Created; then cancelled or completed, once; and cancelled again only for a late payment, or because the ticket did not
/// come in time.
fn of_orders(books: &Books) -> Vec<Violation> {
    let mut stories: BTreeMap<OrderId, BTreeMap<u64, (&str, String)>> = BTreeMap::new();
    for event in &books.order_events {
        if let (Ok(id), Ok(read)) = (event.subject.parse(), event.data.read::<OrderEvent>()) {
            stories.entry(id).or_default().insert(read.version, (&event.kind, read.reason));
        }
    }
    let is_possible = |story: &BTreeMap<u64, (&str, String)>| {
        let has_no_gap = story.keys().copied().eq(0..story.len() as u64);
        let mut events = story.values().map(|(kind, reason)| (*kind, reason.as_str()));
        has_no_gap
            && matches!(events.next(), Some(("orders.created", _)))
            && matches!(events.next(), None | Some(("orders.cancelled" | "orders.completed", _)))
            && match story.get(&1) {
                Some(("orders.completed", _)) => {
                    events.next().is_none_or(|event| event == ("orders.cancelled", "not-delivered"))
                        && events.next().is_none()
                }
                _ => events.all(|event| event == ("orders.cancelled", "late-payment")),
            }
    };
    let impossible = stories.iter().filter(|(_, story)| !is_possible(story));
    let impossible =
        impossible.map(|(id, story)| Violation::new("I3", format!("the story of order {id}: {story:?}")).about(*id));
    let silent = books.orders.keys().filter(|id| !stories.contains_key(id));
    let silent = silent.map(|id| Violation::new("I2", format!("no event of order {id} was published")).about(*id));
    let gone = stories.keys().filter(|id| !books.orders.contains_key(id));
    let gone = gone.map(|id| Violation::new("I9", format!("order {id} was published and is gone")).about(*id));
    impossible.chain(silent).chain(gone).collect()
}

/// What each ticket said at each version, as far as it can be read.
pub(super) fn stories_of_tickets(books: &Books) -> BTreeMap<TicketId, BTreeMap<u64, TicketSnapshot>> {
    let mut stories: BTreeMap<TicketId, BTreeMap<u64, TicketSnapshot>> = BTreeMap::new();
    for snapshot in books.ticket_events.iter().filter_map(|event| event.data.read::<TicketSnapshot>().ok()) {
        stories.entry(snapshot.id).or_default().insert(snapshot.version.0, snapshot);
    }
    stories
}

/// Every version was published; a ticket was free between two orders, stayed sold or withdrawn, and did not change
/// while it was locked. One that did not come in time is withdrawn.
fn of_tickets(books: &Books) -> Vec<Violation> {
    let stories = stories_of_tickets(books);
    let unreadable = books.ticket_events.iter().filter_map(|event| {
        let error = event.data.read::<TicketSnapshot>().err()?;
        Some(Violation::new("I2", format!("unreadable event {}: {error}", event.id)))
    });
    let mut violations: Vec<_> = unreadable.collect();
    for (id, ticket) in &books.tickets {
        let empty = BTreeMap::new();
        let story = stories.get(id).unwrap_or(&empty);
        if !story.keys().copied().eq(0..=ticket.version.0) {
            let what = format!("ticket {id} is at version {} and published {:?}", ticket.version, story.keys());
            violations.push(Violation::new("I2", what).about(*id));
        }
        for (before, after) in story.values().zip(story.values().skip(1)) {
            let is_possible = match (before.order_id, after.order_id) {
                (None, _) => !before.withdrawn,
                (Some(order), held) if after.withdrawn => {
                    held.is_none_or(|held| held == order) && books.orders.get(&order).is_some_and(Order::is_missed)
                }
                (Some(_), None) => !before.sold && is_same_offer(before, after),
                (Some(before_order), Some(order)) => {
                    before_order == order && !before.sold && is_same_offer(before, after)
                }
            };
            if !is_possible {
                violations.push(Violation::new("I8", format!("from {before:?} to {after:?}")).about(*id));
            }
        }
    }
    violations
}

fn is_same_offer(before: &TicketSnapshot, after: &TicketSnapshot) -> bool {
    let offer = |ticket: &TicketSnapshot| (ticket.title.clone(), ticket.price, ticket.currency, ticket.details.clone());
    offer(before) == offer(after) && !after.withdrawn
}
