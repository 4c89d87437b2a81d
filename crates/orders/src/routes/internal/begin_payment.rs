use axum::Json;
use axum::extract::State;
use common::gate::{BeginPayment, PaymentBeginning};
use ports::store::StoreError;
use runtime::store::UpdateContext;

use crate::domain::{NotPayable, Order};
use crate::error::OrdersError;
use crate::state::OrdersState;

/// Lets an order wait for its payment, in the write that its buyer's cancellation would race with.
pub(super) async fn begin_payment(
    State(state): State<OrdersState>,
    Json(BeginPayment { order_id, attempt }): Json<BeginPayment>,
) -> Result<Json<PaymentBeginning>, OrdersError> {
    let begin = |order: &mut Order, cx: UpdateContext| Ok(order.begin_payment(attempt, cx.now)?);
    let beginning = match state.orders.update(order_id, begin).await {
        Ok(Some(order)) if state.is_called_off(&order.aggregate.ticket.details).await? => {
            let call_off = |order: &mut Order, cx: UpdateContext| Ok::<_, StoreError>(order.call_off(cx.now));
            state.orders.update(order_id, call_off).await?;
            PaymentBeginning::Cancelled
        }
        Ok(Some(_)) => PaymentBeginning::Begun,
        Ok(None) => return Err(OrdersError::NotFound),
        Err(NotBegun::NotPayable(NotPayable::Complete)) => PaymentBeginning::Complete,
        Err(NotBegun::NotPayable(NotPayable::Cancelled)) => PaymentBeginning::Cancelled,
        Err(NotBegun::NotPayable(NotPayable::Expired)) => PaymentBeginning::Expired,
        Err(NotBegun::Failed(error)) => return Err(error),
    };
    Ok(Json(beginning))
}

/// Why a payment has not begun.
enum NotBegun {
    NotPayable(NotPayable),
    Failed(OrdersError),
}

impl From<NotPayable> for NotBegun {
    fn from(refused: NotPayable) -> Self {
        Self::NotPayable(refused)
    }
}

impl From<StoreError> for NotBegun {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

#[cfg(test)]
mod tests {
    use common::gate::{BEGIN_PAYMENT, BeginPayment, PaymentBeginning};
    use common::id::OrderId;
    use common::order_status::OrderStatus;
    use serde_json::json;

    use crate::testing::*;

    async fn begin(app: &App, order_id: OrderId) -> PaymentBeginning {
        let reply = app.ask(BEGIN_PAYMENT).json(json!(BeginPayment { order_id, attempt: 1 })).await;
        assert_eq!(reply.status, 200, "{:?}", reply.body);
        serde_json::from_value(reply.body).expect("an answer")
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_order_that_is_being_paid_cannot_be_cancelled_by_its_buyer() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        assert_eq!(begin(&app, order_id).await, PaymentBeginning::Begun);
        assert_eq!(app.stored(order_id).await.status(), OrderStatus::AwaitingPayment);
        let reply = app.delete(&format!("/api/orders/{order_id}")).by(&buyer).send().await;
        assert_eq!((reply.status, reply.codes()), (400, vec!["being_paid"]));
        assert_eq!(begin(&app, order_id).await, PaymentBeginning::Begun, "again");
        app.pay(order_id).await;
        assert_eq!(begin(&app, order_id).await, PaymentBeginning::Complete);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_order_that_was_cancelled_or_is_due_cannot_be_paid() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        app.delete(&format!("/api/orders/{order_id}")).by(&buyer).send().await;
        assert_eq!(begin(&app, order_id).await, PaymentBeginning::Cancelled);
        let (_, order_id) = app.placed_order().await;
        app.clock.advance(WINDOW);
        assert_eq!(begin(&app, order_id).await, PaymentBeginning::Expired);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_a_payment_and_a_cancellation_at_once_one_wins() {
        let app = start().await;
        for _ in 0..20 {
            let (buyer, order_id) = app.placed_order().await;
            let path = format!("/api/orders/{order_id}");
            let (begun, cancelled) = tokio::join!(begin(&app, order_id), app.delete(&path).by(&buyer).send());
            let expected = if cancelled.status == 204 { PaymentBeginning::Cancelled } else { PaymentBeginning::Begun };
            assert_eq!(begun, expected);
        }
    }
}
