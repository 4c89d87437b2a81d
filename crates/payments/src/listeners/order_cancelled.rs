use common::events::OrderCancelled;
use common::order_status::OrderStatus;
use common::version::Sequence;
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::listener::{Handled, ListenError};

use crate::domain::Order;
use crate::process::Payments;

/// An order is off: it cannot be paid any more, and money taken for it goes back.
///
/// The payment is told first and the copy of the order advanced last, so that a crash between
/// the two does both again; being told twice changes nothing.
pub(super) async fn handle(payments: Payments, event: OrderCancelled) -> Handled {
    match payments.orders.sequence(event.id, event.version).await? {
        Sequence::Duplicate => return Ok(()),
        Sequence::Gap => return Err(ListenError::NotYet("an earlier version of the order is missing")),
        Sequence::Next => {}
    }
    let order = payments.orders.get(event.id).await?.ok_or(ListenError::NotYet("the order is not known yet"))?;
    payments.cancel_order(&order).await?;
    crash_point(CrashPoint::CancellationRecorded);
    let cancel = |present: Option<Order>| present.unwrap_or_else(|| order.clone()).with_status(OrderStatus::Cancelled);
    payments.orders.replicate(event.id, event.version, cancel).await?.or_not_yet()
}
