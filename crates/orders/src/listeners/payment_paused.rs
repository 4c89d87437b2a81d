use common::events::PaymentPaused;
use runtime::listener::{Handled, ListenError};

use crate::state::OrdersState;

/// The order can be paid or cancelled again.
pub(super) async fn handle(state: OrdersState, event: PaymentPaused) -> Handled {
    super::update(&state, event.order_id, |order, _| Ok::<_, ListenError>(order.pause_payment(event.attempt))).await
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::events::{PaymentPaused, PaymentStarted};
    use common::order_status::OrderStatus;
    use harness::within;

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_buyer_can_cancel_between_two_attempts_to_pay() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        let path = format!("/api/orders/{order_id}");
        app.publish("payments", &PaymentStarted { order_id, attempt: 1 }).await;
        app.settle().await;
        assert_eq!(app.stored(order_id).await.status(), OrderStatus::AwaitingPayment);
        assert_eq!(app.delete(&path).by(&buyer).send().await.codes(), ["being_paid"]);
        app.publish("payments", &PaymentPaused { order_id, attempt: 1 }).await;
        app.settle().await;
        assert_eq!(app.delete(&path).by(&buyer).send().await.status, 204);
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_order_that_waits_for_its_payment_expires_all_the_same() {
        let app = start().await;
        let (_, order_id) = app.placed_order().await;
        app.publish("payments", &PaymentStarted { order_id, attempt: 1 }).await;
        app.settle().await;
        app.clock.advance(WINDOW);
        app.publish("expiration", &common::events::ExpirationCompleted { order_id }).await;
        within(async {
            while app.stored(order_id).await.status() != OrderStatus::Cancelled {
                // News of the payment may be on their way: it waits for them a moment.
                app.clock.advance(Duration::from_millis(100));
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }
}
