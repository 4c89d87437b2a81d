//! What expiration hears from the orders.

mod order_created;
mod order_ended;

use common::events::{OrderCancelled, OrderCompleted, OrderCreated};
use runtime::listener::Listener;

use crate::NAME;
use crate::schedules::Schedules;

/// One line for each event.
pub(crate) fn all(schedules: &Schedules) -> Vec<Listener> {
    let (created, cancelled, completed) = (schedules.clone(), schedules.clone(), schedules.clone());
    let orders = Listener::new(NAME, "orders")
        .on(move |event: OrderCreated| order_created::handle(created.clone(), event))
        .on(move |event: OrderCancelled| order_ended::handle(cancelled.clone(), event.id, event.version))
        .on(move |event: OrderCompleted| order_ended::handle(completed.clone(), event.id, event.version));
    vec![orders]
}
