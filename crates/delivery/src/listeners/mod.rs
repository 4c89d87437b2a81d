//! The events that delivery handles.

mod money_back;
mod order_created;
mod order_ended;
mod ticket_changed;
mod ticket_sealed;

use common::events::{
    DeliverySealed, OrderCancelled, OrderCompleted, OrderCreated, PaymentDisputed, PaymentRefunded, TicketCreated,
    TicketUpdated,
};
use runtime::listener::{ListenError, Listener};

use crate::domain::Gap;
use crate::state::DeliveryState;
use crate::{NAME, STREAM};

/// One listener for each stream.
pub(crate) fn all(state: &DeliveryState) -> Vec<Listener> {
    vec![tickets(state), orders(state), payments(state), deliveries(state)]
}

fn tickets(state: &DeliveryState) -> Listener {
    let (created, updated) = (state.clone(), state.clone());
    Listener::new(NAME, "tickets")
        .on_state(move |TicketCreated(ticket), gaps| ticket_changed::handle(created.clone(), ticket, gaps))
        .on_state(move |TicketUpdated(ticket), gaps| ticket_changed::handle(updated.clone(), ticket, gaps))
}

fn orders(state: &DeliveryState) -> Listener {
    let (created, cancelled, completed) = (state.clone(), state.clone(), state.clone());
    Listener::new(NAME, "orders")
        .on(move |event: OrderCreated| order_created::handle(created.clone(), event))
        .on(move |event: OrderCancelled| order_ended::cancelled(cancelled.clone(), event))
        .on(move |event: OrderCompleted| order_ended::completed(completed.clone(), event))
}

fn payments(state: &DeliveryState) -> Listener {
    let (refunded, disputed) = (state.clone(), state.clone());
    Listener::new(NAME, "payments")
        .on(move |event: PaymentRefunded| money_back::refunded(refunded.clone(), event))
        .on(move |event: PaymentDisputed| money_back::disputed(disputed.clone(), event))
}

/// What it has published itself.
fn deliveries(state: &DeliveryState) -> Listener {
    let state = state.clone();
    Listener::new(NAME, STREAM).on(move |event: DeliverySealed| ticket_sealed::handle(state.clone(), event))
}

/// Something about an order that is heard of before its beginning.
const NOT_HEARD_OF: ListenError = ListenError::NotYet("the order has not been heard of");

impl From<Gap> for ListenError {
    fn from(_: Gap) -> Self {
        Self::NotYet("an earlier version is missing")
    }
}
