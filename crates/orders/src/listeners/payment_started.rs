use common::events::PaymentStarted;
use common::outcome::Outcome;
use runtime::listener::{Handled, ListenError};

use crate::state::OrdersState;

/// The order waits for a payment. Payments has asked for that before; this makes it so where the answer
/// was lost. An order that has ended meanwhile stays as it is.
pub(super) async fn handle(state: OrdersState, event: PaymentStarted) -> Handled {
    super::update(&state, event.order_id, |order, cx| {
        Ok::<_, ListenError>(order.begin_payment(event.attempt, cx.now).unwrap_or(Outcome::Unchanged))
    })
    .await
}
