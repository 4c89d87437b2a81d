use axum::extract::State;
use common::errors::ErrorBody;
use common::id;
use http::StatusCode;
use runtime::http::PathId;
use runtime::session::SignedIn;
use runtime::store::UpdateContext;

use crate::domain::Order;
use crate::error::OrdersError;
use crate::state::OrdersState;

/// Cancels one of the caller's orders and frees its ticket.
///
/// Cancelling it once more changes nothing and succeeds.
#[utoipa::path(
    delete,
    path = "/api/orders/{id}",
    tag = "orders",
    operation_id = "cancelOrder",
    security(("session" = [])),
    params(("id" = id::OrderId, Path, description = "The order")),
    responses(
        (status = 204, description = "The order is cancelled"),
        (status = 400, description = "The order is complete, or being paid", body = ErrorBody),
        (status = 401, description = "Not signed in, or not the order's owner", body = ErrorBody),
        (status = 404, description = "There is no such order", body = ErrorBody),
        (status = 429, description = "Too many requests", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable", body = ErrorBody),
    )
)]
pub(super) async fn cancel_order(
    State(state): State<OrdersState>,
    SignedIn(session): SignedIn,
    PathId(id): PathId<id::Order>,
) -> Result<StatusCode, OrdersError> {
    let cancel = |order: &mut Order, cx: UpdateContext| {
        if order.user_id != session.user_id {
            return Err(OrdersError::NotTheOwner);
        }
        Ok(order.cancel(cx.now)?)
    };
    state.orders.update(id, cancel).await?.ok_or(OrdersError::NotFound)?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use common::events::{CancelReason, OrderCancelled};
    use common::id::OrderId;
    use common::version::Version;
    use serde_json::{Value, json};

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn cancelling_frees_the_ticket_for_the_next_buyer_at_once() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        let path = format!("/api/orders/{order_id}");
        let reply = app.delete(&path).by(&buyer).send().await;
        assert_eq!((reply.status, reply.body), (204, Value::Null));
        let ticket = app.stored(order_id).await.ticket.id;
        assert_eq!(app.order(&app.user(), ticket).await.status, 201);
        let order = app.get(&path).by(&buyer).send().await.body;
        assert_eq!((&order["status"], &order["reason"]), (&json!("cancelled"), &json!("by-buyer")));
        assert_eq!(order["refund"], Value::Null);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn cancelling_again_succeeds_and_publishes_nothing() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        for _ in 0..2 {
            let reply = app.delete(&format!("/api/orders/{order_id}")).by(&buyer).send().await;
            assert_eq!(reply.status, 204);
        }
        app.settle().await;
        let published = app.published::<OrderCancelled>().await;
        assert_eq!(published.len(), 1);
        assert_eq!(
            (published[0].id, published[0].version, published[0].reason),
            (order_id, Version(1), CancelReason::ByBuyer)
        );
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_complete_order_cannot_be_cancelled() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        app.pay(order_id).await;
        let reply = app.delete(&format!("/api/orders/{order_id}")).by(&buyer).send().await;
        let error = json!({"code": "order_complete", "message": "A complete order cannot be cancelled"});
        assert_eq!((reply.status, reply.body), (400, json!({"errors": [error]})));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn only_its_owner_cancels_an_order() {
        let app = start().await;
        let (_, order_id) = app.placed_order().await;
        let path = format!("/api/orders/{order_id}");
        for reply in [app.delete(&path).send().await, app.delete(&path).by(&app.user()).send().await] {
            assert_eq!((reply.status, reply.messages()), (401, vec!["Not authorized"]));
        }
        assert_eq!(app.stored(order_id).await.version, Version::FIRST);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_unknown_or_ill_formed_id_is_not_found() {
        let app = start().await;
        let unknown: OrderId = app.deps.platform.ids.next(app.clock.now());
        for id in [unknown.to_string(), "abc".into()] {
            let reply = app.delete(&format!("/api/orders/{id}")).by(&app.user()).send().await;
            assert_eq!((reply.status, reply.messages()), (404, vec!["Not Found"]), "{id}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_page_of_another_site_cannot_act_for_a_signed_in_visitor() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        let cancel = || app.delete(&format!("/api/orders/{order_id}")).by(&buyer).header("host", "tickets.example.com");
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example.com"),
            ("origin", "null"),
        ] {
            let reply = cancel().header(name, value).send().await;
            assert_eq!((reply.status, reply.codes()), (403, vec!["cross_site"]), "{name}: {value}");
        }
        let own_page = cancel().header("origin", "https://tickets.example.com").header("sec-fetch-site", "same-origin");
        assert_eq!(own_page.send().await.status, 204);
    }
}
