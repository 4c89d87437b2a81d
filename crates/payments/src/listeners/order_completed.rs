use common::events::OrderCompleted;
use common::order_status::OrderStatus;
use runtime::listener::Handled;

use crate::domain::Order;
use crate::state::PaymentsState;

/// An order is paid for good.
pub(super) async fn handle(state: PaymentsState, event: OrderCompleted) -> Handled {
    let complete = |order: Order| order.with_status(OrderStatus::Complete);
    state.orders.replicate_change(event.id, event.version, complete).await?.or_not_yet()
}
