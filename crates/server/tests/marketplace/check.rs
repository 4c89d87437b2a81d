use std::collections::BTreeMap;
use std::time::Duration;

use client::{CancelReason, Order, OrderStatus, RefundState, Ticket, TicketId};

use super::journal::{Journal, Noted, Promise};
use super::snapshot::Snapshot;

/// A payment acknowledged this long before the order's deadline must complete the order. A later one may
/// lose against the expiration during an outage; then its money is refunded.
const IN_GOOD_TIME: Duration = Duration::from_secs(5);

/// What is not as acknowledged, or not idle. Must be empty in the end.
pub(crate) fn of_promises(journal: &Journal, snapshot: &Snapshot) -> Vec<String> {
    let lost_tickets = journal.tickets.iter().filter_map(|(id, price)| match snapshot.tickets.get(id) {
        None => Some(format!("ticket {id} was acknowledged and is gone")),
        Some(ticket) if ticket.price != *price => Some(format!("ticket {id} costs {}, not {price}", ticket.price)),
        Some(_) => None,
    });
    let broken_orders = journal.orders.iter().filter_map(|(id, noted)| match snapshot.orders.get(id) {
        None => Some(format!("order {id} was acknowledged and is gone")),
        Some(order) if order.ticket.id != noted.ticket => Some(format!("order {id} is for another ticket")),
        Some(order) => broken(noted, order).map(|why| format!("order {id} {why}: {noted:?}, {order:?}")),
    });
    let open_orders = snapshot.orders.values().filter_map(unrest);
    lost_tickets.chain(broken_orders).chain(open_orders).chain(misplaced_tickets(snapshot)).collect()
}

fn broken(noted: &Noted, order: &Order) -> Option<&'static str> {
    let is_complete = order.status == OrderStatus::Complete;
    match noted.promise {
        _ if is_complete && !noted.could_be_paid => Some("is complete, though nobody paid"),
        Promise::Paid { .. } if is_complete => None,
        Promise::Paid { at } if at + IN_GOOD_TIME < noted.expires_at => {
            Some("was paid in good time and is not complete")
        }
        Promise::Paid { .. } if order.reason != Some(CancelReason::Expired) => Some("was paid and is cancelled"),
        Promise::Paid { .. } if order.refund.is_none() => Some("was paid and is neither complete nor refunded"),
        Promise::Declined if is_complete => Some("is complete, though the card was declined"),
        Promise::Cancelled if is_complete => Some("is complete, though it was cancelled"),
        Promise::Paid { .. } | Promise::Declined | Promise::Cancelled | Promise::Placed | Promise::NotPaid => None,
    }
}

fn unrest(order: &Order) -> Option<String> {
    let refund = order.refund.as_ref().map(|refund| refund.state);
    match (order.status, refund) {
        (OrderStatus::Created | OrderStatus::AwaitingPayment, _) => Some(format!("order {} is open still", order.id)),
        (_, Some(RefundState::Pending)) => Some(format!("order {} waits for its refund", order.id)),
        (OrderStatus::Complete | OrderStatus::Cancelled, _) => None,
    }
}

/// A ticket is sold exactly if one order for it is complete, and free otherwise.
fn misplaced_tickets(snapshot: &Snapshot) -> Vec<String> {
    let mut complete: BTreeMap<TicketId, Vec<&Order>> = BTreeMap::new();
    for order in snapshot.orders.values().filter(|order| order.status == OrderStatus::Complete) {
        complete.entry(order.ticket.id).or_default().push(order);
    }
    let misplaced = |ticket: &Ticket| {
        let is_listed = snapshot.for_sale.contains(&ticket.id);
        let state = (ticket.order_id, ticket.sold, is_listed);
        match complete.get(&ticket.id).map_or(&[][..], Vec::as_slice) {
            [] if state == (None, false, true) => None,
            [order] if state == (Some(order.id), true, false) => None,
            orders => Some(format!(
                "ticket {}: held by {:?}, sold {}, listed {is_listed}, {} complete orders",
                ticket.id,
                ticket.order_id,
                ticket.sold,
                orders.len()
            )),
        }
    };
    snapshot.tickets.values().filter_map(misplaced).collect()
}
