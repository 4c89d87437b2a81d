//! What orders hears from the other services.

mod expiration_completed;
mod payment_created;
mod payment_failed;
mod payment_refunded;
mod ticket_changed;

use common::events::{
    ExpirationCompleted, PaymentCreated, PaymentFailed, PaymentRefunded, TicketCreated, TicketUpdated,
};
use common::id::OrderId;
use runtime::listener::{Handled, ListenError, Listener};
use runtime::store::Change;

use crate::NAME;
use crate::domain::Order;
use crate::state::Orders;

/// One listener for each stream, one line for each event.
pub(crate) fn all(orders: &Orders) -> Vec<Listener> {
    let state = || orders.clone();
    let (created, updated) = (state(), state());
    let tickets = Listener::new(NAME, "tickets")
        .on(move |TicketCreated(ticket)| ticket_changed::handle(created.clone(), ticket))
        .on(move |TicketUpdated(ticket)| ticket_changed::handle(updated.clone(), ticket));
    let due = state();
    let expiration = Listener::new(NAME, "expiration")
        .on(move |event: ExpirationCompleted| expiration_completed::handle(due.clone(), event));
    let (paid, failed, refunded) = (state(), state(), state());
    let payments = Listener::new(NAME, "payments")
        .on(move |event: PaymentCreated| payment_created::handle(paid.clone(), event))
        .on(move |event: PaymentFailed| payment_failed::handle(failed.clone(), event))
        .on(move |event: PaymentRefunded| payment_refunded::handle(refunded.clone(), event));
    vec![tickets, expiration, payments]
}

/// Changes an order that another service speaks of.
///
/// Others hear of an order only after it has been stored here, so one that is unknown was lost,
/// by restoring an old backup for instance. Waiting does not bring it back: the event becomes a
/// dead letter at once, to be replayed when the order has been restored too.
async fn change(
    orders: &Orders,
    id: OrderId,
    decide: impl FnMut(&mut Order) -> Result<Change, ListenError>,
) -> Handled {
    match orders.orders.update(id, decide).await? {
        Some(_) => Ok(()),
        None => Err(ListenError::Impossible(format!("there is no order {id}"))),
    }
}
