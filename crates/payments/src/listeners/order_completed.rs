use common::events::OrderCompleted;
use common::order_status::OrderStatus;
use common::version::Sequence;
use runtime::listener::{Handled, ListenError};

use crate::domain::Order;
use crate::state::PaymentsState;

/// An order is paid for good.
pub(super) async fn handle(state: PaymentsState, event: OrderCompleted) -> Handled {
    if state.orders.sequence(event.id, event.version).await? == Sequence::Duplicate {
        return Ok(());
    }
    let order = state.orders.get(event.id).await?.ok_or(ListenError::NotYet("the order is not known yet"))?.value;
    let complete = |present: Option<Order>| present.unwrap_or_else(|| order.clone()).with_status(OrderStatus::Complete);
    state.orders.replicate(event.id, event.version, complete).await?.or_not_yet()
}
