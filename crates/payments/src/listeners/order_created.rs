use common::events::OrderCreated;
use runtime::listener::Handled;

use crate::domain::Order;
use crate::process::Payments;

/// An order can be paid from now on.
pub(super) async fn handle(payments: Payments, event: OrderCreated) -> Handled {
    let placed = |_| Order::placed(&event);
    payments.orders.replicate(event.id, event.version, placed).await?.or_not_yet()
}
