use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id::TicketId;
use http::StatusCode;
use ports::store::{Conflict, StoreError};
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::http::{Invalid, JsonBody, Validator};
use runtime::session::{Session, SignedIn};
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
        (status = 201, description = "The ticket is reserved", body = OrderBody, links(
            ("show" = (operation_id = "getOrder", parameters(("id" = "$response.body#/id")))),
            ("cancel" = (operation_id = "cancelOrder", parameters(("id" = "$response.body#/id")))),
            ("pay" = (operation_id = "createPayment", request_body = json!({"orderId": "{$response.body#/id}", "token": "tok_visa"}))),
        )),
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
    if let Some(held) = orders.holders.recall(ticket.id).await? {
        return taken(&held, &session);
    }
    for _ in 0..MAX_ATTEMPTS {
        if is_stored(&orders, &order).await? {
            crash_point(CrashPoint::OrderPlaced);
            return Ok((StatusCode::CREATED, Json(OrderBody::from(&order))));
        }
        // If there is none, it was cancelled between our insert and our look: the ticket is free again.
        if let Some(held) = orders.holders.find(ticket.id).await? {
            return taken(&held, &session);
        }
    }
    Err(OrdersError::TicketReserved)
}

/// Whether the order won the ticket: the unique index lets in one (invariant I1).
async fn is_stored(orders: &Orders, order: &Order) -> Result<bool, StoreError> {
    match orders.orders.insert(order, vec![order.created()]).await {
        Ok(()) => {
            orders.holders.remember(order);
            Ok(true)
        }
        Err(StoreError::Conflict(Conflict::Unique(_))) => Ok(false),
        Err(error) => Err(error),
    }
}

/// What is answered where an order holds the ticket already.
fn taken(held: &Order, session: &Session) -> Result<(StatusCode, Json<OrderBody>), OrdersError> {
    if held.user_id == session.user_id {
        Ok((StatusCode::OK, Json(OrderBody::from(held))))
    } else {
        Err(OrdersError::TicketReserved)
    }
}

#[cfg(test)]
mod tests;
