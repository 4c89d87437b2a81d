//! What the service does about the events of others.

mod follow_order;
mod order_cancelled;
mod order_completed;
mod order_created;

use common::events::{OrderCancelled, OrderCompleted, OrderCreated};
use runtime::Deps;
use runtime::listener::Listener;

use crate::NAME;
use crate::state::Tickets;
use follow_order::OrderFollower;

/// Locks, frees and sells tickets as orders come and go.
pub(crate) fn orders(deps: &Deps, state: &Tickets) -> Listener {
    let follower = OrderFollower::new(state.store.clone(), deps.store());
    let (created, cancelled, completed) = (follower.clone(), follower.clone(), follower);
    Listener::new(NAME, "orders")
        .on::<OrderCreated, _, _>(move |event| order_created::lock_ticket(created.clone(), event))
        .on::<OrderCancelled, _, _>(move |event| order_cancelled::free_ticket(cancelled.clone(), event))
        .on::<OrderCompleted, _, _>(move |event| order_completed::sell_ticket(completed.clone(), event))
}
