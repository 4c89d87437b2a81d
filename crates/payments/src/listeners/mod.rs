//! What the service hears from orders.

mod order_cancelled;
mod order_completed;
mod order_created;

use common::events::{OrderCancelled, OrderCompleted, OrderCreated};
use runtime::listener::Listener;

use crate::NAME;
use crate::process::Payments;

pub(crate) fn listeners(payments: &Payments) -> Vec<Listener> {
    let (created, cancelled, completed) = (payments.clone(), payments.clone(), payments.clone());
    vec![
        Listener::new(NAME, "orders")
            .on(move |event: OrderCreated| order_created::handle(created.clone(), event))
            .on(move |event: OrderCancelled| order_cancelled::handle(cancelled.clone(), event))
            .on(move |event: OrderCompleted| order_completed::handle(completed.clone(), event)),
    ]
}
