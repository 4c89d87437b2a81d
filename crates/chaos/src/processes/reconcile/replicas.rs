//! I2, I3: every replica equals its source, at the version published last.

use std::collections::BTreeMap;

use common::id::OrderId;
use common::version::Version;

use super::books::Books;
use super::rows::{Order, OrderCopy, TicketCopy};
use super::violation::Violation;

pub(super) fn violations(books: &Books) -> Vec<Violation> {
    let published = last_published(books);
    let published_of = |order: &Order| published.get(&order.id).copied().unwrap_or(Version::FIRST);
    let mut violations = Vec::new();
    for (service, copies) in &books.known_orders {
        for order in books.orders.values() {
            let is_same = |copy: &OrderCopy| (copy.version, copy.status) == (order.version, order.status);
            if !copies.get(&order.id).is_some_and(is_same) {
                let what = format!("{service} knows {:?}, of {order:?}", copies.get(&order.id));
                violations.push(Violation::new("I2", what).about(order.id));
            }
        }
        let strangers = copies.keys().filter(|id| !books.orders.contains_key(id));
        violations.extend(
            strangers.map(|id| Violation::new("I9", format!("{service} knows an order that is gone: {id}")).about(*id)),
        );
    }
    for order in books.orders.values() {
        if published_of(order) != order.version {
            let what = format!("published up to {}, of {order:?}", published_of(order));
            violations.push(Violation::new("I2", what).about(order.id));
        }
        let schedule = books.schedules.get(&order.id);
        let is_right = schedule.is_some_and(|row| {
            row.state != "scheduled" && row.due_at == order.expires_at && row.order_version <= order.version
        });
        if !is_right {
            violations.push(Violation::new("I7", format!("scheduled as {schedule:?}: {order:?}")).about(order.id));
        }
    }
    for ticket in books.tickets.values() {
        let same = TicketCopy {
            id: ticket.id,
            version: ticket.version,
            title: ticket.title.clone(),
            price: ticket.price,
            seller_id: ticket.user_id,
            withdrawn: ticket.lock.is_withdrawn(),
        };
        let copy = books.known_tickets.get(&ticket.id);
        if copy != Some(&same) {
            violations.push(Violation::new("I2", format!("orders knows {copy:?}, of {ticket:?}")).about(ticket.id));
        }
    }
    violations
}

/// The last published version of each order.
fn last_published(books: &Books) -> BTreeMap<OrderId, Version> {
    let mut last = BTreeMap::new();
    for event in &books.order_events {
        let version = event
            .data
            .read::<serde_json::Value>()
            .ok()
            .and_then(|data| data["version"].as_u64())
            .map_or(Version::FIRST, Version);
        if let Ok(id) = event.subject.parse() {
            let known = last.entry(id).or_insert(version);
            *known = version.max(*known);
        }
    }
    last
}
