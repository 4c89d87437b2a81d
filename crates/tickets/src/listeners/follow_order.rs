use common::events::{CancelReason, OrderCancelled, OrderCompleted, OrderCreated};
use common::id::OrderId;
use common::order_status::OrderStatus;
use common::outcome::Outcome;
use common::version::{Gaps, Versioned};
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::listener::{Handled, ListenError, Listener};
use runtime::store::Applied;

use crate::NAME;
use crate::domain::{HeldByAnotherOrder, Order, Ticket, TicketChanged};
use crate::state::TicketsState;

/// Locks, frees and sells tickets as the orders for them come and go.
pub(super) fn listener(state: &TicketsState) -> Listener {
    let (created, cancelled, completed) = (state.clone(), state.clone(), state.clone());
    Listener::new(NAME, "orders")
        .on::<OrderCreated, _, _>(move |event| lock_ticket(created.clone(), event))
        .on::<OrderCancelled, _, _>(move |event| free_ticket(cancelled.clone(), event))
        .on::<OrderCompleted, _, _>(move |event| sell_ticket(completed.clone(), event))
}

/// The order holds the ticket from now on.
async fn lock_ticket(state: TicketsState, event: OrderCreated) -> Handled {
    let OrderCreated { id, version, ticket, .. } = event;
    let order = Order::of(id, ticket.id, OrderStatus::Created);
    follow(&state, Versioned { version, value: order }).await
}

/// The ticket is free again if it is still this order that holds it. A cancelled order can be
/// cancelled once more, so that a late payment is refunded; that does nothing to the ticket. What its
/// buyer had paid for and never got is not for sale any more.
async fn free_ticket(state: TicketsState, event: OrderCancelled) -> Handled {
    let OrderCancelled { id, version, ticket, reason } = event;
    let is_undelivered = reason == CancelReason::NotDelivered;
    let order = Order { is_undelivered, ..Order::of(id, ticket.id, OrderStatus::Cancelled) };
    follow(&state, Versioned { version, value: order }).await
}

/// The ticket belongs to the buyer.
async fn sell_ticket(state: TicketsState, event: OrderCompleted) -> Handled {
    let OrderCompleted { id, version, ticket } = event;
    let order = Order::of(id, ticket.id, OrderStatus::Complete);
    follow(&state, Versioned { version, value: order }).await
}

/// Follows an order to the state that an event describes (invariant I3): in one write, where the ticket itself says what
/// is known of the order and goes on to.
async fn follow(state: &TicketsState, order: Versioned<Order>) -> Handled {
    let ticket = update_ticket(state, &order, |ticket| Ok(ticket.follow(&order))).await?;
    if ticket.has_applied(&order) {
        return Ok(());
    }
    let gaps = ticket.gaps_before(&order);
    follow_apart(state, order, gaps).await
}

/// Follows an order of which is known apart from its ticket, from now on at least.
///
/// First our copy of the order is updated, then the ticket. The other way round, two orders for
/// the same ticket could wait for each other: events of different orders overtake one another,
/// and an old order that comes late would wait for the newer one to free the ticket, while its
/// own cancellation waits behind it. Once it is known to be cancelled, it no longer asks for the
/// ticket.
///
/// After a crash in between, the event is delivered again, and the ticket is updated then.
async fn follow_apart(state: &TicketsState, order: Versioned<Order>, gaps: Gaps) -> Handled {
    let applied = state.orders.replicate_over(gaps, order.id, order.version, |_| order.value.clone()).await?;
    crash_point(CrashPoint::OrderKnown);
    match applied {
        Applied::Now => align_ticket(state, order).await,
        Applied::Before => align_ticket(state, known_order(state, order.id).await?).await,
        Applied::Gap => Err(ListenError::NotYet("an earlier version of the order is missing")),
    }
}

/// Brings the ticket in line with our copy of its order. While the order is open, the copy may change meanwhile:
/// another process may handle a later event of the same order at the same time.
async fn align_ticket(state: &TicketsState, mut order: Versioned<Order>) -> Handled {
    loop {
        update_ticket(state, &order, |ticket| Ok(ticket.align(&order)?)).await?;
        if !order.status.is_open() {
            return Ok(());
        }
        let latest = known_order(state, order.id).await?;
        if latest.version == order.version {
            return Ok(());
        }
        order = latest;
    }
}

async fn known_order(state: &TicketsState, id: OrderId) -> Result<Versioned<Order>, ListenError> {
    state.orders.get(id).await?.ok_or(ListenError::NotYet("the order is not known"))
}

/// Every ticket is created in this service's database, so one that is missing will never come.
async fn update_ticket(
    state: &TicketsState,
    order: &Order,
    mut decide: impl FnMut(&mut Ticket) -> Result<Outcome<Option<TicketChanged>>, ListenError>,
) -> Result<Versioned<Ticket>, ListenError> {
    let updated = state.tickets.update(order.ticket_id, |ticket, _| decide(ticket)).await?;
    updated.ok_or_else(|| ListenError::Impossible(format!("there is no ticket {}", order.ticket_id)))
}

impl From<HeldByAnotherOrder> for ListenError {
    fn from(_: HeldByAnotherOrder) -> Self {
        Self::NotYet("another order has the ticket")
    }
}

#[cfg(test)]
mod tests;
