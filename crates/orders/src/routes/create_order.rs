use std::time::Duration;

use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id::TicketId;
use common::version::Versioned;
use http::StatusCode;
use ports::store::{Conflict, StoreError};
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::http::{Invalid, JsonBody, Validator};
use runtime::session::{Session, SignedIn};
use runtime::store::Awaited;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::dto::OrderResponse;
use crate::domain::{Order, OrderReserved};
use crate::error::OrdersError;
use crate::state::OrdersState;

/// How long a request waits for a ticket that was listed a moment ago.
const TICKET_PATIENCE: Duration = Duration::from_secs(2);
/// How often an order is tried again because the one in its way had just ended.
const MAX_ATTEMPTS: u32 = 8;

/// Which ticket to reserve.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateOrderRequest {
    /// The ticket.
    #[serde(default)]
    #[schema(value_type = TicketId, required)]
    ticket_id: Value,
}

impl CreateOrderRequest {
    fn parse(&self) -> Result<TicketId, OrdersError> {
        let parsed = self.ticket_id.as_str().and_then(|id| id.parse().ok());
        let mut validator = Validator::default();
        let checked = parsed.ok_or_else(|| Invalid(vec!["TicketId must be provided".into()]));
        validator.take("ticketId", checked).ok_or(OrdersError::Invalid(validator))
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
    request_body = CreateOrderRequest,
    responses(
        (status = 201, description = "The ticket is reserved", body = OrderResponse, links(
            ("show" = (operation_id = "getOrder", parameters(("id" = "$response.body#/id")))),
            ("cancel" = (operation_id = "cancelOrder", parameters(("id" = "$response.body#/id")))),
            ("pay" = (operation_id = "createPayment", request_body = json!({"orderId": "{$response.body#/id}", "token": "tok_visa"}))),
        )),
        (status = 200, description = "The buyer holds this ticket already", body = OrderResponse),
        (status = 400, description = "No ticket was named, it is reserved already, or it is the buyer's own", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 404, description = "There is no such ticket", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not declared as JSON", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable, or the ticket was listed a moment ago and is not known here yet", body = ErrorBody),
    )
)]
pub(super) async fn create_order(
    State(state): State<OrdersState>,
    SignedIn(session): SignedIn,
    JsonBody(request): JsonBody<CreateOrderRequest>,
) -> Result<(StatusCode, Json<OrderResponse>), OrdersError> {
    let ticket = match state.tickets.await_record(request.parse()?, TICKET_PATIENCE).await? {
        Awaited::Found(ticket) => ticket,
        Awaited::NotYet => return Err(OrdersError::NotHeardYet),
        Awaited::Unknown => return Err(OrdersError::NotFound),
    };
    let now = state.clock.now();
    let order = Order::reserve(state.ids.next(now), &ticket, session.user_id, now, state.settings.reservation)?;
    if let Some(held) = state.holders.recall(ticket.id).await? {
        return already_held(&held, &session);
    }
    for _ in 0..MAX_ATTEMPTS {
        if let Some(placed) = try_insert(&state, &order).await? {
            crash_point(CrashPoint::OrderPlaced);
            return Ok((StatusCode::CREATED, Json(OrderResponse::from(&placed))));
        }
        // If there is none, it was cancelled between our insert and our look: the ticket is free again.
        if let Some(held) = state.holders.find(ticket.id).await? {
            return already_held(&held, &session);
        }
    }
    Err(OrdersError::TicketReserved)
}

/// The order as stored if it won the ticket: the unique index lets in one (invariant I1).
async fn try_insert(state: &OrdersState, order: &Order) -> Result<Option<Versioned<Order>>, StoreError> {
    match state.orders.insert(order.clone(), &OrderReserved).await {
        Ok(placed) => {
            state.holders.remember(&placed);
            Ok(Some(placed))
        }
        Err(StoreError::Conflict(Conflict::Unique(_))) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The response where an order holds the ticket already.
fn already_held(held: &Versioned<Order>, session: &Session) -> Result<(StatusCode, Json<OrderResponse>), OrdersError> {
    if held.user_id == session.user_id {
        Ok((StatusCode::OK, Json(OrderResponse::from(held))))
    } else {
        Err(OrdersError::TicketReserved)
    }
}

#[cfg(test)]
mod tests;
