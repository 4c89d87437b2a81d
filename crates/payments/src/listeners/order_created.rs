use common::events::OrderCreated;
use common::order_status::OrderStatus;
use runtime::listener::Handled;

use crate::domain::Order;
use crate::state::PaymentsState;

/// An order can be paid from now on.
pub(super) async fn handle(state: PaymentsState, event: OrderCreated) -> Handled {
    let OrderCreated { id, version, status: _, user_id, expires_at, ticket } = event;
    let (price, currency) = (ticket.price, ticket.currency.known()?);
    let order = Order { id, user_id, price, currency, expires_at, status: OrderStatus::Created };
    state.orders.replicate(id, version, |_| order.clone()).await?.or_not_yet()
}
