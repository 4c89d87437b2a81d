//! The events that expiration handles.

mod order_created;
mod order_ended;

use common::events::{OrderCancelled, OrderCompleted, OrderCreated};
use runtime::listener::Listener;

use crate::NAME;
use crate::state::ExpirationState;

/// One listener for each stream.
pub(crate) fn all(state: &ExpirationState) -> Vec<Listener> {
    vec![orders(state)]
}

fn orders(state: &ExpirationState) -> Listener {
    let (created, cancelled, completed) = (state.clone(), state.clone(), state.clone());
    Listener::new(NAME, "orders")
        .on(move |event: OrderCreated| order_created::handle(created.clone(), event))
        .on(move |event: OrderCancelled| order_ended::handle(cancelled.clone(), event.id, event.version))
        .on(move |event: OrderCompleted| order_ended::handle(completed.clone(), event.id, event.version))
}
