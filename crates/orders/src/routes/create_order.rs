use axum::Json;
use axum::extract::State;
use common::http::{ErrorBody, Invalid, JsonBody, Validator};
use common::id::TicketId;
use common::order_status::OrderStatus;
use common::session::SignedIn;
use common::store::{Condition, Conflict, Query, StoreError};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::order_body::OrderBody;
use crate::domain::Order;
use crate::error::OrdersError;
use crate::state::Orders;

/// How often an order is tried again because the one in its way had just ended.
const MAX_ATTEMPTS: u32 = 8;

/// Which ticket to reserve.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateOrder {
    /// The ticket.
    #[serde(default)]
    #[schema(value_type = TicketId, required)]
    ticket_id: Value,
}

impl CreateOrder {
    fn parse(&self) -> Result<TicketId, OrdersError> {
        let parsed = self.ticket_id.as_str().and_then(|id| id.parse().ok());
        let mut rules = Validator::default();
        let checked = parsed.ok_or_else(|| Invalid(vec!["TicketId must be provided".into()]));
        rules.take("ticketId", checked).ok_or(OrdersError::Invalid(rules))
    }
}

/// Reserves a ticket.
///
/// The same buyer asking again is given the order they hold.
#[utoipa::path(
    post,
    path = "/api/orders",
    tag = "orders",
    operation_id = "createOrder",
    security(("session" = [])),
    request_body = CreateOrder,
    responses(
        (status = 201, description = "The ticket is reserved", body = OrderBody),
        (status = 200, description = "The buyer holds this ticket already", body = OrderBody),
        (status = 400, description = "No ticket was named, it is reserved already, or it is the buyer's own", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 404, description = "There is no such ticket", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not declared as JSON", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable", body = ErrorBody),
    )
)]
pub(super) async fn create_order(
    State(orders): State<Orders>,
    SignedIn(session): SignedIn,
    JsonBody(request): JsonBody<CreateOrder>,
) -> Result<(StatusCode, Json<OrderBody>), OrdersError> {
    let ticket = orders.tickets.find(request.parse()?).await?.ok_or(OrdersError::NotFound)?;
    let now = orders.clock.now();
    let order = Order::reserve(orders.ids.next(now), &ticket, session.user_id, now, orders.settings.reservation)?;
    for _ in 0..MAX_ATTEMPTS {
        if is_stored(&orders, &order).await? {
            return Ok((StatusCode::CREATED, Json(OrderBody::from(&order))));
        }
        match holder(&orders, ticket.id).await? {
            Some(held) if held.user_id == session.user_id => return Ok((StatusCode::OK, Json(OrderBody::from(&held)))),
            Some(_) => return Err(OrdersError::TicketReserved),
            // It was cancelled between our insert and our look: the ticket is free again.
            None => {}
        }
    }
    Err(OrdersError::TicketReserved)
}

/// Whether the order won the ticket: the unique index lets in one (invariant I1).
async fn is_stored(orders: &Orders, order: &Order) -> Result<bool, StoreError> {
    match orders.orders.insert(order, vec![order.created()]).await {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict(Conflict::Unique(_))) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The order that holds the ticket.
async fn holder(orders: &Orders, ticket: TicketId) -> Result<Option<Order>, StoreError> {
    let active = OrderStatus::ACTIVE.map(|status| status.as_str().into()).to_vec();
    let conditions =
        vec![Condition::Equals("ticket.id", ticket.to_string().into()), Condition::OneOf("status", active)];
    let query = Query { limit: Some(1), ..Query::all(conditions) };
    Ok(orders.orders.find(&query).await?.pop())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use common::events::{OrderCreated, TicketCreated, TicketSnapshot};
    use common::id::TicketId;
    use common::time::Timestamp;
    use harness::Reply;
    use serde_json::json;
    use tokio::task::JoinHandle;

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_ticket_is_reserved_and_told() {
        let app = start().await;
        let (ticket, buyer) = (app.listed_ticket().await, app.user());
        let reply = app.order(&buyer, ticket.id).await;
        assert_eq!(reply.status, 201);
        let expires_at = app.clock.now() + WINDOW;
        let embedded = json!({"id": ticket.id, "title": "Front row", "price": 20.5, "currency": "usd", "version": 0});
        let expected = json!({
            "id": reply.body["id"], "status": "created", "userId": buyer.id, "expiresAt": expires_at, "version": 0,
            "ticket": embedded,
        });
        assert_eq!(reply.body, expected);
        app.settle().await;
        let told = app.told::<OrderCreated>().await;
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].user_id, told[0].expires_at), (buyer.id, expires_at));
        assert_eq!(json!(told[0].id), reply.body["id"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_ticket_that_is_missing_or_ill_formed_is_refused() {
        let app = start().await;
        let buyer = app.user();
        for body in [
            json!({}),
            json!({"ticketId": ""}),
            json!({"ticketId": "123"}),
            json!({"ticketId": 5}),
            json!({"ticketId": {"$ne": null}}),
        ] {
            let reply = app.post("/api/orders").by(&buyer).json(body.clone()).await;
            assert_eq!(reply.status, 400, "{body}");
            assert_eq!(reply.body, json!({"errors": [{"message": "TicketId must be provided", "field": "ticketId"}]}));
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn bodies_that_are_no_json_objects_are_refused_in_the_error_format() {
        let app = start().await;
        let buyer = app.user();
        let request = || app.post("/api/orders").by(&buyer);
        assert_eq!(request().json(json!(null)).await.status, 400);
        assert_eq!(request().raw("{}").await.status, 415);
        let too_large = request().json(json!({"ticketId": "a".repeat(70_000)})).await;
        assert_eq!((too_large.status, too_large.messages().len()), (413, 1));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn visitors_are_refused_before_their_request_is_read() {
        let app = start().await;
        let reply = app.post("/api/orders").json(json!({})).await;
        assert_eq!((reply.status, reply.messages()), (401, vec!["Not authorized"]));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_ticket_made_long_ago_that_nobody_knows_is_not_found_at_once() {
        let app = start().await;
        let long_ago = Timestamp::from_millis(app.clock.now().as_millis() - 120_000);
        let unknown: TicketId = app.deps.platform.ids.next(long_ago);
        let asked = Instant::now();
        let reply = app.order(&app.user(), unknown).await;
        assert_eq!((reply.status, reply.messages()), (404, vec!["Not Found"]));
        assert!(asked.elapsed() < Duration::from_secs(1), "it waited {:?}", asked.elapsed());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_ticket_made_just_now_is_waited_for_before_it_is_not_found() {
        let app = start().await;
        let asked = Instant::now();
        let reply = app.order(&app.user(), app.ticket().id).await;
        assert_eq!(reply.status, 404);
        assert!(asked.elapsed() >= Duration::from_secs(2), "it waited only {:?}", asked.elapsed());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_order_that_overtakes_the_news_of_its_ticket_succeeds() {
        let (app, ticket, request) = order_before_its_ticket().await;
        app.publish("tickets", &TicketCreated(ticket)).await;
        assert_eq!(request.await.expect("answers").status, 201);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_ticket_that_another_process_heard_of_is_found_too() {
        let (app, ticket, request) = order_before_its_ticket().await;
        // The state made here shares the store with the service, but not its memory.
        app.state().tickets.apply(&ticket).await.expect("stores");
        assert_eq!(request.await.expect("answers").status, 201);
    }

    /// A request for a ticket that has not been heard of, and is being waited for.
    async fn order_before_its_ticket() -> (Arc<App>, TicketSnapshot, JoinHandle<Reply>) {
        let app = Arc::new(start().await);
        let (ticket, buyer) = (app.ticket(), app.user());
        let request = tokio::spawn({
            let (app, ticket) = (app.clone(), ticket.id);
            async move { app.order(&buyer, ticket).await }
        });
        // Time in which a service that does not wait would have answered.
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(!request.is_finished(), "it did not wait");
        (app, ticket, request)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nobody_orders_their_own_ticket() {
        let app = start().await;
        let seller = app.user();
        let mut ticket = app.ticket();
        ticket.user_id = seller.id;
        app.list(&ticket).await;
        let reply = app.order(&seller, ticket.id).await;
        assert_eq!((reply.status, reply.messages()), (400, vec!["You cannot buy your own ticket"]));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_held_ticket_is_refused_to_others_and_its_holder_is_given_their_order() {
        let app = start().await;
        let (ticket, buyer) = (app.listed_ticket().await, app.user());
        let first = app.order(&buyer, ticket.id).await;
        let again = app.order(&buyer, ticket.id).await;
        assert_eq!((again.status, again.body), (200, first.body));
        let other = app.order(&app.user(), ticket.id).await;
        assert_eq!((other.status, other.messages()), (400, vec!["Ticket is already reserved"]));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_sold_ticket_is_never_handed_out_again() {
        let app = start().await;
        let (_, order_id) = app.placed_order().await;
        app.pay(order_id).await;
        let ticket = app.stored(order_id).await.ticket.id;
        assert_eq!(app.order(&app.user(), ticket).await.status, 400);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_200_buyers_at_once_exactly_one_gets_the_ticket() {
        let app = start().await;
        let ticket = app.listed_ticket().await.id;
        let buyers: Vec<_> = (0..200).map(|_| app.user()).collect();
        let replies = futures::future::join_all(buyers.iter().map(|buyer| app.order(buyer, ticket))).await;
        let mut count = HashMap::new();
        for reply in &replies {
            *count.entry(reply.status).or_insert(0) += 1;
        }
        assert_eq!(count, HashMap::from([(201, 1), (400, 199)]));
        app.settle().await;
        assert_eq!(app.told::<OrderCreated>().await.len(), 1);
    }
}
