use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::response::{AppendHeaders, IntoResponse};
use common::errors::ErrorBody;
use http::header::LINK;
use ports::store::{Condition, Direction, Query};
use runtime::http::{QueryParams, next_link};
use runtime::session::SignedIn;

use super::dto::OrderResponse;
use super::page::PageParams;
use crate::error::OrdersError;
use crate::state::OrdersState;
use crate::store::fields;

/// Lists the caller's orders, the newest first.
///
/// All of them are there, those that were cancelled or have expired, too. They come in pages.
#[utoipa::path(
    get,
    path = "/api/orders",
    tag = "orders",
    operation_id = "listOrders",
    security(("session" = [])),
    params(PageParams),
    responses(
        (status = 200, description = "A page of the caller's orders", body = Vec<OrderResponse>, headers(
            ("link" = String, description = "Leads to the next page, if there is one: `<address>; rel=\"next\"`")
        )),
        (status = 400, description = "The limit or the cursor is not valid", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable", body = ErrorBody),
    )
)]
pub(super) async fn list_orders(
    State(state): State<OrdersState>,
    OriginalUri(uri): OriginalUri,
    SignedIn(session): SignedIn,
    QueryParams(params): QueryParams<PageParams>,
) -> Result<impl IntoResponse, OrdersError> {
    let requested = params.parse().map_err(OrdersError::Invalid)?;
    let query = Query {
        conditions: vec![Condition::Equals(fields::USER_ID, session.user_id.to_string().into())],
        sort: Some(fields::CREATED_AT),
        direction: Direction::Descending,
        after: requested.after,
        ..Query::default()
    };
    let page = state.orders.page(query, requested.limit).await?;
    let link = page.next.and_then(|next| next_link(&uri, &next.encode())).map(|link| (LINK, link));
    let orders: Vec<_> = page.items.iter().map(OrderResponse::from).collect();
    Ok((AppendHeaders(link), Json(orders)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use crate::testing::*;

    fn ids(orders: &Value) -> Vec<Value> {
        orders.as_array().expect("an array").iter().map(|order| order["id"].clone()).collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_caller_sees_their_own_orders_newest_first() {
        let app = start().await;
        let (buyer, first) = app.placed_order().await;
        app.clock.advance(Duration::from_millis(1));
        let second = app.placed_order_of(&buyer).await;
        app.placed_order().await;
        let reply = app.get("/api/orders").by(&buyer).send().await;
        assert_eq!((reply.status, ids(&reply.body)), (200, vec![json!(second), json!(first)]));
        assert_eq!(reply.body[0]["ticket"]["title"], "Front row");
        assert!(!reply.headers.contains_key("link"), "there is no next page");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_buyer_without_orders_gets_an_empty_list() {
        let app = start().await;
        let reply = app.get("/api/orders").by(&app.user()).send().await;
        assert_eq!((reply.status, reply.body), (200, json!([])));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn links_lead_through_all_pages() {
        let app = start().await;
        let buyer = app.user();
        let mut newest_first = Vec::new();
        for _ in 0..3 {
            // Two of them in the same millisecond.
            newest_first.insert(0, json!(app.placed_order_of(&buyer).await));
            app.clock.advance(Duration::from_millis(newest_first.len() as u64 - 1));
        }
        let (mut seen, mut next) = (Vec::new(), Some("/api/orders?limit=1".to_owned()));
        while let Some(path) = next {
            let reply = app.get(&path).by(&buyer).send().await;
            assert_eq!(reply.body.as_array().map(Vec::len), Some(1), "{path}");
            seen.extend(ids(&reply.body));
            next = reply.headers.get("link").map(|link| {
                let link = link.to_str().expect("text");
                link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).expect("a link").to_owned()
            });
        }
        assert_eq!(seen, newest_first);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn every_parameter_that_is_not_valid_is_named() {
        let app = start().await;
        let reply = app.get("/api/orders?limit=0&cursor=x").by(&app.user()).send().await;
        assert_eq!(reply.status, 400);
        assert_eq!(
            reply.body["errors"],
            json!([
                {"code": "invalid_field", "message": "limit must be a whole number from 1 to 100", "field": "limit"},
                {"code": "invalid_field", "message": "cursor must come from the Link header of another page in the same order", "field": "cursor"},
            ])
        );
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn visitors_have_no_orders_to_list() {
        let app = start().await;
        let reply = app.get("/api/orders").send().await;
        assert_eq!((reply.status, reply.messages()), (401, vec!["Not authorized"]));
    }
}
