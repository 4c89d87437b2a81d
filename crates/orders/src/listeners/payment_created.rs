use common::events::PaymentCreated;
use runtime::listener::{Handled, ListenError};

use crate::domain::Payment;
use crate::state::OrdersState;

/// Completes the order, or asks for the money to go back if the order is off.
///
/// A payment that does not fit becomes a dead letter for a person to look at; the order stays
/// open, expires, and its cancellation sends the money back.
pub(super) async fn handle(state: OrdersState, event: PaymentCreated) -> Handled {
    let payment = Payment { id: event.id, amount: event.amount, stripe_id: event.stripe_id };
    super::update(&state, event.order_id, |order, _| {
        order.complete(payment.clone()).map_err(|mismatch| ListenError::Impossible(mismatch.to_string()))
    })
    .await
}

#[cfg(test)]
mod tests {
    use common::events::{CancelReason, OrderCancelled, OrderCompleted, PaymentCreated};
    use common::order_status::OrderStatus;
    use common::version::Version;
    use serde_json::json;

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_payment_completes_its_order_once() {
        let app = start().await;
        let (_, order_id) = app.placed_order().await;
        let payment = app.payment_for(order_id);
        for _ in 0..2 {
            app.publish("payments", &payment).await;
        }
        app.settle().await;
        assert_eq!(app.stored(order_id).await.status(), OrderStatus::Complete);
        let published = app.published::<OrderCompleted>().await;
        assert_eq!(published.len(), 1);
        assert_eq!((published[0].id, published[0].version), (order_id, Version(1)));
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_payment_for_a_cancelled_order_asks_for_its_refund_once() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        app.delete(&format!("/api/orders/{order_id}")).by(&buyer).send().await;
        let payment = app.payment_for(order_id);
        for _ in 0..2 {
            app.publish("payments", &payment).await;
        }
        app.settle().await;
        let published: Vec<_> =
            app.published::<OrderCancelled>().await.into_iter().map(|event| (event.version, event.reason)).collect();
        assert_eq!(published, [(Version(1), CancelReason::ByBuyer), (Version(2), CancelReason::LatePayment)]);
        let order = app.get(&format!("/api/orders/{order_id}")).by(&buyer).send().await.body;
        assert_eq!(order["reason"], "by-buyer");
        assert_eq!(order["refund"], json!({"state": "pending", "amount": 20.5}));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_wrong_amount_completes_nothing_and_is_kept_for_a_person() {
        let app = start().await;
        let (_, order_id) = app.placed_order().await;
        app.publish("payments", &PaymentCreated { amount: price(100), ..app.payment_for(order_id) }).await;
        app.settle().await;
        assert_eq!(app.stored(order_id).await.status(), OrderStatus::Created);
        assert_eq!(app.dead_letters().await, ["1.00 was captured for an order of 20.50"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_second_payment_is_kept_for_a_person() {
        let app = start().await;
        let (_, order_id) = app.placed_order().await;
        app.pay(order_id).await;
        app.pay(order_id).await;
        assert_eq!(app.dead_letters().await, ["another payment was captured for this order before"]);
        assert_eq!(app.published::<OrderCompleted>().await.len(), 1);
    }
}
