//! I2, I3: every copy equals its original. Those of an order follow its events, of which the
//! record of a refund is none.

use std::collections::BTreeMap;

use common::id::OrderId;
use common::version::Version;

use super::books::Books;
use super::rows::{Order, TicketCopy};
use super::violation::Violation;

pub(super) fn violations(books: &Books) -> Vec<Violation> {
    let told = last_told(books);
    let told_of = |order: &Order| told.get(&order.id).copied().unwrap_or(Version::FIRST);
    let mut violations = Vec::new();
    for (service, copies) in &books.known_orders {
        for order in books.orders.values() {
            let is_same =
                copies.get(&order.id).is_some_and(|copy| (copy.version, copy.status) == (told_of(order), order.status));
            if !is_same {
                let what = format!("{} knows {:?}, of {order:?}", service.name(), copies.get(&order.id));
                violations.push(Violation::new("I2", what).about(order.id));
            }
        }
        let strangers = copies.keys().filter(|id| !books.orders.contains_key(id));
        violations.extend(strangers.map(|id| {
            Violation::new("I9", format!("{} knows an order that is gone: {id}", service.name())).about(*id)
        }));
    }
    for order in books.orders.values() {
        // The record of a refund is a version that is not told.
        let silent = u64::from(order.refund.is_some());
        if told_of(order).0 + silent != order.version.0 {
            let what = format!("told up to {}, of {order:?}", told_of(order));
            violations.push(Violation::new("I2", what).about(order.id));
        }
        let schedule = books.schedules.get(&order.id);
        let is_right = schedule.is_some_and(|row| {
            row.state != "scheduled" && row.due_at == order.expires_at && row.order_version <= told_of(order)
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
        };
        let copy = books.known_tickets.get(&ticket.id);
        if copy != Some(&same) {
            violations.push(Violation::new("I2", format!("orders knows {copy:?}, of {ticket:?}")).about(ticket.id));
        }
    }
    violations
}

/// The last version of each order that was told.
fn last_told(books: &Books) -> BTreeMap<OrderId, Version> {
    let mut last = BTreeMap::new();
    for event in &books.told_of_orders {
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
