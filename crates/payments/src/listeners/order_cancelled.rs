use common::events::OrderCancelled;
use common::order_status::OrderStatus;
use common::version::Sequence;
use ports::store::{Conflict, StoreError};
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::listener::{Handled, ListenError};

use crate::domain::{Order, Payment, PaymentState};
use crate::driver::Attempt;
use crate::state::PaymentsState;

/// An order is cancelled: it cannot be paid any more, and money taken for it goes back.
///
/// The payment changes first and the copy of the order last, so that a crash between the two does
/// both again; doing the first twice changes nothing.
pub(super) async fn handle(state: PaymentsState, event: OrderCancelled) -> Handled {
    match state.orders.sequence(event.id, event.version).await? {
        Sequence::Duplicate => return Ok(()),
        Sequence::Gap => return Err(ListenError::NotYet("an earlier version of the order is missing")),
        Sequence::Next => {}
    }
    let order = state.orders.get(event.id).await?.ok_or(ListenError::NotYet("the order is not known yet"))?.value;
    let payment = record_cancellation(&state, &order).await?;
    // An authorisation or a capture that is on its way is finished by the task that sent it.
    if matches!(payment.state, PaymentState::Refunding { .. } | PaymentState::Voiding { .. }) {
        undo(&state, payment);
    }
    crash_point(CrashPoint::CancellationRecorded);
    let cancel = |present: Option<Order>| present.unwrap_or_else(|| order.clone()).with_status(OrderStatus::Cancelled);
    state.orders.replicate(event.id, event.version, cancel).await?.or_not_yet()
}

/// No payment can begin any more, and one that was made will be undone.
async fn record_cancellation(state: &PaymentsState, order: &Order) -> Result<Payment, StoreError> {
    let refused = Payment::refused(order, state.ids.next(state.clock.now()));
    match state.payments.insert(refused, &()).await {
        Ok(inserted) => Ok(inserted.value),
        Err(StoreError::Conflict(Conflict::Exists)) => {
            state.driver.record(order.id, |payment, now| payment.cancel_order(now)).await
        }
        Err(error) => Err(error),
    }
}

/// Stripe may take its time, which must not hold up other events. Should this task be lost, the
/// reconciler does its work.
fn undo(state: &PaymentsState, payment: Payment) {
    let driver = state.driver.clone();
    state.tasks.spawn(async move {
        if let Err(error) = driver.drive(payment, Attempt::Fresh).await {
            tracing::warn!(%error, "undoing a payment is left to the reconciler");
        }
    });
}

#[cfg(test)]
mod tests;
