use common::events::PaymentFailed;
use runtime::listener::{Handled, ListenError};

use crate::domain::{AlreadyComplete, Failure};
use crate::state::OrdersState;

/// Cancels the order, for the reason the buyer is shown.
pub(super) async fn handle(state: OrdersState, event: PaymentFailed) -> Handled {
    let failure = Failure(event.reason);
    super::update(&state, event.order_id, |order, cx| {
        order
            .fail_payment(cx.now, failure.clone())
            .map_err(|AlreadyComplete| ListenError::Impossible("the payment of a complete order failed".into()))
    })
    .await
}

#[cfg(test)]
mod tests {
    use common::events::{CancelReason, OrderCancelled, PaymentFailed};
    use common::order_status::OrderStatus;

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_refused_payment_cancels_the_order_once_and_frees_the_ticket() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        let event = PaymentFailed { order_id, reason: "Your card was declined.".into() };
        for _ in 0..2 {
            app.publish("payments", &event).await;
        }
        app.settle().await;
        let published: Vec<_> = app.published::<OrderCancelled>().await.into_iter().map(|event| event.reason).collect();
        assert_eq!(published, [CancelReason::PaymentFailed]);
        let order = app.get(&format!("/api/orders/{order_id}")).by(&buyer).send().await.body;
        assert_eq!(
            (&order["reason"], &order["failure"]),
            (&"payment-failed".into(), &"Your card was declined.".into())
        );
        let ticket = app.stored(order_id).await.ticket.id;
        assert_eq!(app.order(&app.user(), ticket).await.status, 201);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_failure_that_contradicts_a_payment_is_kept_for_a_person() {
        let app = start().await;
        let (_, order_id) = app.placed_order().await;
        app.pay(order_id).await;
        app.publish("payments", &PaymentFailed { order_id, reason: "Your card was declined.".into() }).await;
        app.settle().await;
        assert_eq!(app.stored(order_id).await.status(), OrderStatus::Complete);
        assert_eq!(app.dead_letters().await, ["the payment of a complete order failed"]);
    }
}
