//! I1, I7, I8: who holds which ticket, and for how long.

use std::collections::BTreeMap;

use common::events::CancelReason;
use common::id::TicketId;
use common::order_status::OrderStatus;

use super::books::Books;
use super::rows::{Lock, Order, Ticket};
use super::violation::Violation;

pub(super) fn violations(books: &Books) -> Vec<Violation> {
    let mut holders: BTreeMap<TicketId, Vec<&Order>> = BTreeMap::new();
    for order in books.orders.values().filter(|order| order.status != OrderStatus::Cancelled) {
        holders.entry(order.ticket.id).or_default().push(order);
    }
    let of_ticket = |ticket: &Ticket| {
        let holders = holders.get(&ticket.id).map_or(&[][..], Vec::as_slice);
        let twice = (holders.len() > 1).then(|| Violation::new("I1", format!("held twice: {holders:?}")));
        let is_off = holders.is_empty() && (ticket.lock.is_withdrawn() || ticket.lock.state == "unsealed");
        let has_right_lock = is_off || ticket.lock == lock_of(holders.first().copied());
        let misplaced = (!has_right_lock)
            .then(|| Violation::new("I8", format!("ticket {}: {:?}, held by {holders:?}", ticket.id, ticket.lock)));
        let id = ticket.id;
        twice.into_iter().chain(misplaced).map(move |violation| violation.about(id))
    };
    let of_nothing = holders.keys().filter(|id| !books.tickets.contains_key(id));
    let of_nothing = of_nothing.map(|id| Violation::new("I1", format!("ticket {id} is ordered and does not exist")));
    books
        .tickets
        .values()
        .flat_map(of_ticket)
        .chain(of_nothing)
        .chain(books.orders.values().flat_map(of_time))
        .collect()
}

fn lock_of(holder: Option<&Order>) -> Lock {
    let state = match holder.map(|order| order.status) {
        None | Some(OrderStatus::Cancelled) => "free",
        Some(OrderStatus::Created | OrderStatus::AwaitingPayment) => "locked",
        Some(OrderStatus::Complete) => "sold",
    };
    Lock { state: state.to_owned(), order_id: holder.map(|order| order.id) }
}

fn of_time(order: &Order) -> Option<Violation> {
    let is_open = matches!(order.status, OrderStatus::Created | OrderStatus::AwaitingPayment);
    let expired = order.cancellation.as_ref().filter(|end| end.reason == CancelReason::Expired);
    let what = match expired {
        _ if is_open => "was never paid and is open still",
        Some(end) if end.at < order.expires_at => "expired before its time",
        _ => return None,
    };
    Some(Violation::new("I7", format!("order {} {what}: {order:?}", order.id)).about(order.id))
}
