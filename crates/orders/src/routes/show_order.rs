use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id;
use runtime::http::PathId;
use runtime::session::SignedIn;

use super::dto::OrderResponse;
use crate::error::OrdersError;
use crate::state::OrdersState;

/// Shows one of the caller's orders.
///
/// What was bought is in it as it was when it was ordered, whatever has become of the ticket since.
#[utoipa::path(
    get,
    path = "/api/orders/{id}",
    tag = "orders",
    operation_id = "getOrder",
    security(("session" = [])),
    params(("id" = id::OrderId, Path, description = "The order")),
    responses(
        (status = 200, description = "The order", body = OrderResponse),
        (status = 401, description = "Not signed in, or not the order's owner", body = ErrorBody),
        (status = 404, description = "There is no such order", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable", body = ErrorBody),
    )
)]
pub(super) async fn show_order(
    State(state): State<OrdersState>,
    SignedIn(session): SignedIn,
    PathId(id): PathId<id::Order>,
) -> Result<Json<OrderResponse>, OrdersError> {
    let order = state.orders.get(id).await?.ok_or(OrdersError::NotFound)?;
    if order.user_id != session.user_id {
        return Err(OrdersError::NotTheOwner);
    }
    Ok(Json(OrderResponse::from(&order)))
}

#[cfg(test)]
mod tests {
    use common::delivery::{DeliveryPromise, Seal};
    use common::events::OrderCreated;
    use common::id::OrderId;
    use serde_json::json;

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_owner_sees_the_order_as_it_was_made() {
        let app = start().await;
        let (ticket, buyer) = (app.listed_ticket().await, app.user());
        let made = app.order(&buyer, ticket.id).await.body;
        let path = format!("/api/orders/{}", made["id"].as_str().expect("an id"));
        let reply = app.get(&path).by(&buyer).send().await;
        assert_eq!((reply.status, reply.body), (200, made));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn by_which_order_its_seller_had_the_ticket_is_not_told_to_its_buyer() {
        let app = start().await;
        let (mut ticket, buyer) = (app.ticket(), app.user());
        let before: OrderId = app.deps.platform.ids.next(app.clock.now());
        let delivery = Some(DeliveryPromise::Ours { seal: Seal(1), bought_by: Some(before) });
        ticket.details.delivery = delivery;
        app.list(&ticket).await;
        let made = app.order(&buyer, ticket.id).await;
        assert_eq!((made.status, &made.body["ticket"]["delivery"]), (201, &json!({"mode": "ours", "seal": 1})));
        let order_id: OrderId = made.body["id"].as_str().expect("an id").parse().expect("an id");
        let path = format!("/api/orders/{order_id}");
        let again = app.order(&buyer, ticket.id).await;
        let shown = app.get(&path).by(&buyer).send().await;
        let all = app.get("/api/orders").by(&buyer).send().await;
        let cancelled = app.delete(&path).by(&buyer).send().await;
        for reply in [made, again, shown, all, cancelled] {
            let text = reply.body.to_string();
            assert!(!text.contains(&before.to_string()) && !text.contains("boughtBy"), "{text}");
        }
        // It is kept, and the other services know.
        assert_eq!(app.stored(order_id).await.ticket.details.delivery, delivery);
        assert_eq!(app.published::<OrderCreated>().await[0].ticket.details.delivery, delivery);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nobody_else_sees_it() {
        let app = start().await;
        let (_, order_id) = app.placed_order().await;
        let path = format!("/api/orders/{order_id}");
        for reply in [app.get(&path).send().await, app.get(&path).by(&app.user()).send().await] {
            assert_eq!((reply.status, reply.messages()), (401, vec!["Not authorized"]));
        }
    }

    #[tokio::test]
    async fn whoever_asks_for_anothers_is_written_down_and_strangers_are_not() {
        let app = start().await;
        let (_, order_id) = app.placed_order().await;
        let path = format!("/api/orders/{order_id}");
        let (audited, eve) = (harness::Audited::begin(), app.user());
        app.get(&path).send().await;
        assert!(audited.events().is_empty(), "{:?}", audited.lines());
        app.get(&path).by(&eve).send().await;
        assert_eq!(audited.events(), ["not_the_owner"]);
        assert_eq!(audited.lines()[0]["user"], eve.id.to_string());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_unknown_or_ill_formed_id_is_not_found() {
        let app = start().await;
        let unknown: OrderId = app.deps.platform.ids.next(app.clock.now());
        for id in [unknown.to_string(), "abc".into()] {
            let reply = app.get(&format!("/api/orders/{id}")).by(&app.user()).send().await;
            assert_eq!((reply.status, reply.messages()), (404, vec!["Not Found"]), "{id}");
        }
    }
}
