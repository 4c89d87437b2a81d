use common::events::DeliveryMissed;
use runtime::listener::{Handled, ListenError};

use crate::state::OrdersState;

/// Cancels an order whose ticket never came to its buyer. An event that is early by our own clock comes again, as it
/// does when an order expires.
pub(super) async fn handle(state: OrdersState, event: DeliveryMissed) -> Handled {
    super::update(&state, event.order_id, |order, cx| Ok::<_, ListenError>(order.cancel_undelivered(cx.now)?)).await
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::delivery::DeliveryPromise;
    use common::events::{CancelReason, DeliveryMissed, OrderCancelled, PaymentRefunded, RefundStatus};
    use common::id::OrderId;
    use common::order_status::OrderStatus;
    use common::version::Version;
    use runtime::listener::ListenError;
    use serde_json::json;

    use crate::testing::*;

    const HOUR: Duration = Duration::from_secs(60 * 60);

    /// An order of a ticket that is to be delivered within an hour.
    async fn promised(app: &App) -> (harness::TestUser, OrderId) {
        let (buyer, mut ticket) = (app.user(), app.ticket());
        ticket.details.starts_at = Some(app.clock.now() + HOUR * 30);
        ticket.details.delivery = Some(DeliveryPromise::Later { until: app.clock.now() + HOUR });
        app.list(&ticket).await;
        let reply = app.order(&buyer, ticket.id).await;
        assert_eq!(reply.status, 201, "{:?}", reply.body);
        (buyer, reply.body["id"].as_str().expect("an id").parse().expect("an id"))
    }

    async fn missed(app: &App, order_id: OrderId) -> DeliveryMissed {
        let ticket_id = app.stored(order_id).await.ticket.id;
        DeliveryMissed { order_id, version: Version(1), ticket_id }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_never_came_is_cancelled_once_and_its_money_goes_back() {
        let app = start().await;
        let (buyer, order_id) = promised(&app).await;
        app.pay(order_id).await;
        app.clock.advance(HOUR);
        let event = missed(&app, order_id).await;
        for _ in 0..2 {
            app.publish("deliveries", &event).await;
        }
        app.settle().await;
        let path = format!("/api/orders/{order_id}");
        let order = app.get(&path).by(&buyer).send().await.body;
        assert_eq!((&order["status"], &order["reason"]), (&json!("cancelled"), &json!("not-delivered")));
        assert_eq!(order["refund"], json!({"state": "pending", "amount": 20.5}));
        let published = app.published::<OrderCancelled>().await;
        let published: Vec<_> = published.iter().map(|event| (event.reason, event.version)).collect();
        assert_eq!(published, [(CancelReason::NotDelivered, Version(2))]);
        let refund = PaymentRefunded {
            order_id,
            amount: price(2050),
            stripe_refund_id: "re_1".into(),
            status: RefundStatus::Succeeded,
            refunds: Vec::new(),
        };
        app.publish("payments", &refund).await;
        app.settle().await;
        let order = app.get(&path).by(&buyer).send().await.body;
        assert_eq!(order["refund"], json!({"state": "refunded", "amount": 20.5}));
        assert_eq!(app.order(&app.user(), event.ticket_id).await.codes(), ["delivery_overdue"], "nobody buys it again");
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_missed_by_the_clock_of_another_alone_waits() {
        let app = start().await;
        let (_, order_id) = promised(&app).await;
        app.pay(order_id).await;
        app.clock.advance(HOUR - Duration::from_millis(1));
        let early = super::handle(app.state(), missed(&app, order_id).await).await;
        assert!(matches!(early, Err(ListenError::NotYet(_))), "{early:?}");
        assert_eq!(app.stored(order_id).await.status(), OrderStatus::Complete);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_not_paid_is_not_missed() {
        let app = start().await;
        let (_, open) = promised(&app).await;
        let (buyer, cancelled) = promised(&app).await;
        assert_eq!(app.delete(&format!("/api/orders/{cancelled}")).by(&buyer).send().await.status, 204);
        app.clock.advance(HOUR);
        for order_id in [open, cancelled] {
            let event = missed(&app, order_id).await;
            app.publish("deliveries", &event).await;
        }
        app.settle().await;
        assert_eq!(app.stored(open).await.status(), OrderStatus::Created);
        assert_eq!(app.stored(cancelled).await.cancel_reason(), Some(CancelReason::ByBuyer));
        assert_eq!(app.published::<OrderCancelled>().await.len(), 1);
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }
}
