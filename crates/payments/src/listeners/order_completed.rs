use common::events::OrderCompleted;
use common::order_status::OrderStatus;
use common::version::Sequence;
use runtime::listener::{Handled, ListenError};

use crate::process::Payments;

/// An order is paid for good.
pub(super) async fn handle(payments: Payments, event: OrderCompleted) -> Handled {
    if payments.orders.sequence(event.id, event.version).await? == Sequence::Duplicate {
        return Ok(());
    }
    let order = payments.orders.get(event.id).await?.ok_or(ListenError::NotYet("the order is not known yet"))?;
    let complete = |present: Option<_>| present.unwrap_or_else(|| order.clone()).with_status(OrderStatus::Complete);
    payments.orders.replicate(event.id, event.version, complete).await?.or_not_yet()
}
