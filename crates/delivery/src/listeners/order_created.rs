use common::events::{OrderCreated, OrderedTicket};
use ports::store::{Conflict, StoreError};
use runtime::listener::Handled;

use crate::domain::Handover;
use crate::state::DeliveryState;

/// Remembers what a buyer was promised.
pub(super) async fn handle(state: DeliveryState, event: OrderCreated) -> Handled {
    let OrderCreated { id, version, user_id, ticket, .. } = event;
    let OrderedTicket { id: ticket, price, details, .. } = ticket;
    match state.handovers.insert(Handover::new(id, version, user_id, (ticket, price), details.delivery), &()).await {
        Ok(_) | Err(StoreError::Conflict(Conflict::Exists)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
