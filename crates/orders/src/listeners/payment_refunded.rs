use common::events::PaymentRefunded;
use runtime::listener::{Handled, ListenError};

use crate::domain::{Refund, RefundMismatch};
use crate::state::OrdersState;

/// Records on the order that its money goes back, or how that went.
pub(super) async fn handle(state: OrdersState, event: PaymentRefunded) -> Handled {
    let PaymentRefunded { order_id, amount, stripe_refund_id, status } = event;
    let refund = Refund { amount, stripe_refund_id, status };
    super::update(&state, order_id, |order, _| {
        order.refund(refund.clone()).map_err(|mismatch| match mismatch {
            RefundMismatch::StillOpen => ListenError::NotYet("the order is still open"),
            RefundMismatch::TooMuch => ListenError::Impossible(mismatch.to_string()),
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use common::events::{OrderCancelled, PaymentRefunded, RefundStatus};
    use common::id::OrderId;
    use common::version::Version;
    use runtime::listener::ListenError;
    use serde_json::json;

    use crate::testing::*;

    fn refund(order_id: OrderId) -> PaymentRefunded {
        PaymentRefunded {
            order_id,
            amount: price(2050),
            stripe_refund_id: "re_1".into(),
            status: RefundStatus::Succeeded,
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_refund_is_shown_on_the_order_and_recorded_once() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        let path = format!("/api/orders/{order_id}");
        app.delete(&path).by(&buyer).send().await;
        app.pay(order_id).await;
        for _ in 0..2 {
            app.publish("payments", &refund(order_id)).await;
        }
        app.settle().await;
        let order = app.get(&path).by(&buyer).send().await.body;
        assert_eq!(order["refund"], json!({"state": "refunded", "amount": 20.5}));
        assert_eq!(order["version"], 2, "a refund is not published");
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_refund_that_overtakes_the_cancellation_waits_for_it() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        let early = super::handle(app.state(), refund(order_id)).await;
        assert!(matches!(early, Err(ListenError::NotYet(_))), "{early:?}");
        app.publish("payments", &refund(order_id)).await;
        app.delete(&format!("/api/orders/{order_id}")).by(&buyer).send().await;
        app.settle().await;
        let order = app.stored(order_id).await;
        assert!(order.refunded().is_some());
        let published = app.published::<OrderCancelled>().await;
        assert_eq!(
            published.iter().map(|event| event.version).collect::<Vec<_>>(),
            [Version(1)],
            "no version is skipped"
        );
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn refunds_of_parts_are_shown_as_one() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        app.pay(order_id).await;
        for (id, amount) in [("re_1", 550), ("re_2", 1000)] {
            let part = PaymentRefunded { stripe_refund_id: id.into(), amount: price(amount), ..refund(order_id) };
            app.publish("payments", &part).await;
        }
        app.settle().await;
        let order = app.get(&format!("/api/orders/{order_id}")).by(&buyer).send().await.body;
        assert_eq!(order["refund"], json!({"state": "refunded", "amount": 15.5}));
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_second_refund_is_kept_for_a_person() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        app.delete(&format!("/api/orders/{order_id}")).by(&buyer).send().await;
        app.publish("payments", &refund(order_id)).await;
        app.publish("payments", &PaymentRefunded { stripe_refund_id: "re_2".into(), ..refund(order_id) }).await;
        app.settle().await;
        assert_eq!(app.dead_letters().await, ["the order has been refunded before"]);
    }
}
