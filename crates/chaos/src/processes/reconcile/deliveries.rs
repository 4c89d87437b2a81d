//! I9, I17, I21 to I23: what sellers gave us, and who has it.

use std::collections::BTreeMap;

use common::delivery::DeliveryPromise;
use common::order_status::OrderStatus;

use super::books::Books;
use super::rows::{Handover, Order};
use super::violation::Violation;
use crate::processes::load::Journal;

pub(super) fn violations(books: &Books, journal: &Journal) -> Vec<Violation> {
    let mut violations: Vec<_> = books.orders.values().filter_map(|order| of_order(books, order)).collect();
    violations.extend(of_listings(books, journal));
    violations.extend(twice(books));
    violations
}

/// Every handover stands as its order does, and has what the order was made of.
fn of_order(books: &Books, order: &Order) -> Option<Violation> {
    let Some(handover) = books.handovers.get(&order.id) else {
        return Some(Violation::new("I2", format!("delivery knows nothing of {order:?}")).about(order.id));
    };
    let expected = match (order.status, order.ticket.details.delivery) {
        (OrderStatus::Complete, Some(DeliveryPromise::Sealed { seal, .. } | DeliveryPromise::Ours { seal, .. })) => {
            ("complete", "released", Some(seal.0))
        }
        (OrderStatus::Complete, Some(DeliveryPromise::Later { .. })) => ("complete", "released", handover.seal),
        (OrderStatus::Complete, _) => ("complete", "nothing", None),
        (OrderStatus::Cancelled, _) if order.is_missed() => ("takenBack", "missed", None),
        (OrderStatus::Cancelled, _) => ("cancelled", "nothing", None),
        (OrderStatus::Created | OrderStatus::AwaitingPayment, _) => ("open", "nothing", None),
    };
    let is_of_version = handover.order_version == order.version;
    if !is_of_version || stands(handover) != expected {
        let what = format!("{handover:?}, not {expected:?}, of {order:?}");
        return Some(Violation::new("I22", what).about(order.id));
    }
    let admission = books.admissions.get(&order.ticket.id);
    let sold_to = admission.and_then(|admission| admission.sale.as_ref()).map(|sale| sale.order);
    let is_sold = order.status != OrderStatus::Complete || sold_to == Some(order.id);
    (!is_sold).then(|| Violation::new("I21", format!("its seller has it still: {admission:?}")).about(order.id))
}

fn stands(handover: &Handover) -> (&str, &str, Option<u32>) {
    (&handover.status, &handover.given, handover.seal)
}

/// Delivery knows every listing as it is, and has all that was acknowledged.
fn of_listings(books: &Books, journal: &Journal) -> Vec<Violation> {
    let wrong = books.tickets.values().filter_map(|ticket| {
        let admission = books.admissions.get(&ticket.id);
        let given = journal.tickets.get(&ticket.id).map_or(0, |listed| listed.given);
        let known = admission.map(|admission| (admission.listing.version, admission.listing.withdrawn));
        if known != Some((ticket.version, ticket.lock.is_withdrawn())) {
            return Some(Violation::new("I2", format!("delivery knows {admission:?}, of {ticket:?}")).about(ticket.id));
        }
        let is_lost = admission.is_none_or(|admission| admission.last_seal < given);
        is_lost.then(|| Violation::new("I9", format!("{given} were given, of {admission:?}")).about(ticket.id))
    });
    wrong.collect()
}

/// A code is in one listing that is not withdrawn.
fn twice(books: &Books) -> Vec<Violation> {
    let mut listings = BTreeMap::new();
    let mut twice = Vec::new();
    for admission in books.admissions.values().filter(|admission| !admission.listing.withdrawn) {
        for code in admission.seals.iter().flat_map(|sealed| &sealed.fingerprints) {
            if let Some(other) = listings.insert(code, admission.id)
                && other != admission.id
            {
                let what = format!("{code} is in the listings {other} and {}", admission.id);
                twice.push(Violation::new("I17", what).about(admission.id));
            }
        }
    }
    twice
}
