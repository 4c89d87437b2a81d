use common::events::{PaymentRefunded, RefundStanding};
use runtime::listener::{Handled, ListenError};

use crate::domain::{Refund, RefundMismatch};
use crate::state::OrdersState;

/// Records on the order that its money goes back, or how that went.
pub(super) async fn handle(state: OrdersState, event: PaymentRefunded) -> Handled {
    let PaymentRefunded { order_id, amount, stripe_refund_id, status, refunds } = event;
    let mut heard: Vec<Refund> = refunds.into_iter().map(Refund::from).collect();
    if heard.is_empty() {
        heard.push(Refund { amount, stripe_refund_id, status });
    }
    super::update(&state, order_id, |order, _| {
        order.refund(heard.iter().cloned()).map_err(|mismatch| match mismatch {
            RefundMismatch::StillOpen => ListenError::NotYet("the order is still open"),
            // If that word never comes, it ends among the dead letters.
            RefundMismatch::TooMuch => ListenError::NotYet("the order has been refunded before"),
        })
    })
    .await
}

impl From<RefundStanding> for Refund {
    fn from(refund: RefundStanding) -> Self {
        let RefundStanding { amount, stripe_refund_id, status } = refund;
        Self { amount, stripe_refund_id, status }
    }
}

#[cfg(test)]
mod tests {
    use common::events::{OrderCancelled, PaymentRefunded, RefundStanding, RefundStatus};
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
            refunds: Vec::new(),
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
    async fn a_part_that_has_failed_does_not_count_although_word_of_its_success_comes_last() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        app.pay(order_id).await;
        let standing =
            |id: &str, amount, status| RefundStanding { amount: price(amount), stripe_refund_id: id.into(), status };
        let first = PaymentRefunded { amount: price(550), ..refund(order_id) };
        let second = PaymentRefunded {
            stripe_refund_id: "re_2".into(),
            amount: price(1500),
            refunds: vec![standing("re_1", 550, RefundStatus::Failed), standing("re_2", 1500, RefundStatus::Succeeded)],
            ..refund(order_id)
        };
        for event in [second, first] {
            app.publish("payments", &event).await;
            app.settle().await;
            let order = app.get(&format!("/api/orders/{order_id}")).by(&buyer).send().await.body;
            assert_eq!(order["refund"], json!({"state": "refunded", "amount": 15}), "{event:?}");
        }
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    /// Simulation, seed 933891.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_second_refund_waits_for_word_that_the_first_has_failed() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        let path = format!("/api/orders/{order_id}");
        app.delete(&path).by(&buyer).send().await;
        let standing = |id: &str, status| RefundStanding { amount: price(2050), stripe_refund_id: id.into(), status };
        let told = |first, second| PaymentRefunded {
            stripe_refund_id: "re_2".into(),
            status: second,
            refunds: vec![standing("re_1", first), standing("re_2", second)],
            ..refund(order_id)
        };
        let early = told(RefundStatus::Succeeded, RefundStatus::Pending);
        app.publish("payments", &refund(order_id)).await;
        app.settle().await;
        let heard = super::handle(app.state(), early.clone()).await;
        assert!(matches!(heard, Err(ListenError::NotYet(_))), "{heard:?}");
        assert_eq!(app.get(&path).by(&buyer).send().await.body["refund"]["state"], "refunded");
        app.publish("payments", &early).await;
        app.publish("payments", &told(RefundStatus::Failed, RefundStatus::Pending)).await;
        app.settle().await;
        assert_eq!(app.get(&path).by(&buyer).send().await.body["refund"]["state"], "pending");
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }
}
