use common::events::OrderCreated;
use runtime::listener::Handled;

use crate::domain::Order;
use crate::state::PaymentsState;

/// An order can be paid from now on.
pub(super) async fn handle(state: PaymentsState, event: OrderCreated) -> Handled {
    let (id, version) = (event.id, event.version);
    state.orders.replicate(id, version, |_| order(&event)).await?.or_not_yet()
}

fn order(event: &OrderCreated) -> Order {
    Order {
        id: event.id,
        user_id: event.user_id,
        price: event.ticket.price,
        currency: event.ticket.currency,
        expires_at: event.expires_at,
        status: event.status,
    }
}
