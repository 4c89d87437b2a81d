//! The events that orders handles.

mod delivery_missed;
mod event_changed;
mod expiration_completed;
mod payment_created;
mod payment_disputed;
mod payment_failed;
mod payment_paused;
mod payment_refunded;
mod payment_started;
mod ticket_changed;

use common::events::{
    DeliveryMissed, EventChanged, ExpirationCompleted, PaymentCreated, PaymentDisputed, PaymentFailed, PaymentPaused,
    PaymentRefunded, PaymentStarted, TicketCreated, TicketUpdated,
};
use common::id::OrderId;
use common::outcome::Outcome;
use runtime::listener::{Handled, ListenError, Listener};
use runtime::store::{Publish, UpdateContext};

use crate::NAME;
use crate::domain::Order;
use crate::state::OrdersState;

/// One listener for each stream.
pub(crate) fn all(state: &OrdersState) -> Vec<Listener> {
    vec![tickets(state), expiration(state), payments(state), deliveries(state)]
}

fn tickets(state: &OrdersState) -> Listener {
    let (created, updated, events) = (state.clone(), state.clone(), state.clone());
    Listener::new(NAME, "tickets")
        .on_state(move |TicketCreated(ticket), gaps| ticket_changed::handle(created.clone(), ticket, gaps))
        .on_state(move |TicketUpdated(ticket), gaps| ticket_changed::handle(updated.clone(), ticket, gaps))
        .on(move |event: EventChanged| event_changed::handle(events.clone(), event))
}

fn expiration(state: &OrdersState) -> Listener {
    let state = state.clone();
    Listener::new(NAME, "expiration")
        .on(move |event: ExpirationCompleted| expiration_completed::handle(state.clone(), event))
}

fn payments(state: &OrdersState) -> Listener {
    let (started, paused, created) = (state.clone(), state.clone(), state.clone());
    let (failed, refunded, disputed) = (state.clone(), state.clone(), state.clone());
    Listener::new(NAME, "payments")
        .on(move |event: PaymentStarted| payment_started::handle(started.clone(), event))
        .on(move |event: PaymentPaused| payment_paused::handle(paused.clone(), event))
        .on(move |event: PaymentCreated| payment_created::handle(created.clone(), event))
        .on(move |event: PaymentFailed| payment_failed::handle(failed.clone(), event))
        .on(move |event: PaymentRefunded| payment_refunded::handle(refunded.clone(), event))
        .on(move |event: PaymentDisputed| payment_disputed::handle(disputed.clone(), event))
}

fn deliveries(state: &OrdersState) -> Listener {
    let state = state.clone();
    Listener::new(NAME, "deliveries").on(move |event: DeliveryMissed| delivery_missed::handle(state.clone(), event))
}

/// Changes an order that another service speaks of.
///
/// Others know of an order only after it has been stored here, so one that is unknown was lost,
/// by restoring an old backup for instance. Waiting does not bring it back: the event becomes a
/// dead letter at once, to be replayed when the order has been restored too.
async fn update<T: Publish<Order>>(
    state: &OrdersState,
    id: OrderId,
    decide: impl FnMut(&mut Order, UpdateContext) -> Result<Outcome<T>, ListenError>,
) -> Handled {
    outcome_of_update(state, id, decide).await.map(drop)
}

/// The same, and what has come of it.
async fn outcome_of_update<T: Publish<Order>>(
    state: &OrdersState,
    id: OrderId,
    decide: impl FnMut(&mut Order, UpdateContext) -> Result<Outcome<T>, ListenError>,
) -> Result<Outcome<T>, ListenError> {
    match state.orders.update(id, decide).await? {
        Some(updated) => Ok(updated.outcome),
        None => Err(ListenError::Impossible(format!("there is no order {id}"))),
    }
}
