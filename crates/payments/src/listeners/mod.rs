//! What the service does about events of others.

mod order_cancelled;
mod order_completed;
mod order_created;

use common::events::{OrderCancelled, OrderCompleted, OrderCreated};
use runtime::listener::Listener;

use crate::NAME;
use crate::state::PaymentsState;

pub(crate) fn all(state: &PaymentsState) -> Vec<Listener> {
    let (created, cancelled, completed) = (state.clone(), state.clone(), state.clone());
    vec![
        Listener::new(NAME, "orders")
            .on(move |event: OrderCreated| order_created::handle(created.clone(), event))
            .on(move |event: OrderCancelled| order_cancelled::handle(cancelled.clone(), event))
            .on(move |event: OrderCompleted| order_completed::handle(completed.clone(), event)),
    ]
}
