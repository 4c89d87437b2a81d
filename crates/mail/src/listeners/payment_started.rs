use common::events::PaymentStarted;
use runtime::listener::{Age, Handled};

use super::{tell_buyer, update};
use crate::domain::{Order, OrderMatter};
use crate::state::MailState;

/// Remembers that the buyer has begun to pay: if the reservation expires, or has, they are told.
pub(super) async fn handle(state: MailState, event: PaymentStarted, age: Age) -> Handled {
    let order = update(&state, event.order_id, Order::attempt).await?;
    tell_buyer(&state, &order, OrderMatter::Expired, age).await
}
