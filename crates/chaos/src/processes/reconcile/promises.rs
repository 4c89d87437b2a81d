//! I9: acknowledged operations have taken effect.

use common::events::CancelReason;
use common::order_status::OrderStatus;

use super::books::Books;
use super::rows::Order;
use super::violation::Violation;
use crate::processes::load::{Journal, Placed, Promise};

pub(super) fn violations(books: &Books, journal: &Journal) -> Vec<Violation> {
    let tickets = journal.tickets.iter().filter_map(|(id, listed)| {
        let what = match (books.tickets.get(id), listed.price) {
            (None, _) => format!("ticket {id} was acknowledged and is gone"),
            (Some(ticket), Some(price)) if ticket.price != i64::from(price.minor_units()) => {
                format!("ticket {id} costs {}, and {price} was acknowledged", ticket.price)
            }
            (Some(ticket), _) if listed.is_withdrawn() && !ticket.lock.is_withdrawn() => {
                format!("ticket {id} is {:?}, and its withdrawal was acknowledged", ticket.lock)
            }
            (Some(ticket), _) if ticket.lock.is_withdrawn() && !listed.could_be_withdrawn => {
                format!("ticket {id} is withdrawn, and nobody asked for that")
            }
            (Some(_), _) => return None,
        };
        Some(Violation::new("I9", what).about(*id))
    });
    let orders = journal.orders.iter().filter_map(|(id, placed)| {
        let broken = match books.orders.get(id) {
            None => "is gone",
            Some(order) => broken(placed, order)?,
        };
        let what = format!("order {id} was acknowledged and {broken}: {placed:?}, {:?}", books.orders.get(id));
        Some(Violation::new("I9", what).about(*id))
    });
    let surprises = journal.surprises.iter().map(|surprise| Violation::new("an answer", surprise.clone()));
    tickets.chain(orders).chain(surprises).collect()
}

fn broken(placed: &Placed, order: &Order) -> Option<&'static str> {
    let is_complete = order.status == OrderStatus::Complete;
    let was = |promise| placed.promises.contains(&promise);
    let reason = order.cancellation.as_ref().map(|end| end.reason);
    // If a payment was reported too late, its money was refunded; that is checked elsewhere.
    let may_have_lost_its_payment = match reason {
        Some(CancelReason::Expired) => true,
        Some(CancelReason::ByBuyer) => placed.could_be_cancelled,
        _ => false,
    };
    if order.ticket.id != placed.ticket || order.ticket.price != i64::from(placed.price.minor_units()) {
        Some("is another one")
    } else if order.expires_at != placed.expires_at {
        Some("has another deadline")
    } else if is_complete && !placed.could_be_paid {
        Some("is complete, though nobody paid")
    } else if was(Promise::Cancelled) && is_complete {
        Some("is complete, though it was cancelled")
    } else if was(Promise::Declined) && !was(Promise::Paid) && is_complete {
        Some("is complete, though the card was declined")
    } else if was(Promise::Paid) && !is_complete && !may_have_lost_its_payment {
        Some("is not complete, though it was paid")
    } else if was(Promise::Paid) && !is_complete && order.refund.is_none() {
        Some("was paid and is neither complete nor refunded")
    } else {
        None
    }
}
