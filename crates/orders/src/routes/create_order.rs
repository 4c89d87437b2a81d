use std::time::Duration;

use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id::TicketId;
use common::money::{Currency, Price};
use common::version::Versioned;
use http::StatusCode;
use runtime::crash_point::{CrashPoint, crash_point};
use runtime::http::{Invalid, JsonBody, Validator};
use runtime::limits::ClientNetwork;
use runtime::session::SignedIn;
use runtime::store::Awaited;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::dto::OrderResponse;
use crate::budget::Buyer;
use crate::domain::Ticket;
use crate::error::OrdersError;
use crate::reservation::{Reserved, SeenPrice, reserve};
use crate::state::OrdersState;

/// How long a request waits for a ticket that was listed or changed a moment ago.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often an order is tried again because the one in its way had just ended.
const MAX_ATTEMPTS: u32 = 8;

/// Which ticket to reserve.
struct WantedTicket {
    id: TicketId,
    seen: SeenPrice,
}

/// Which ticket to reserve, as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateOrderRequest {
    /// The ticket.
    #[serde(default)]
    #[schema(value_type = TicketId, required)]
    ticket_id: Value,
    /// The price that the buyer has seen: the order is refused if the ticket costs something else.
    #[serde(default)]
    #[schema(value_type = Option<Price>)]
    price: Value,
    /// The currency of that price, likewise.
    #[serde(default)]
    #[schema(value_type = Option<Currency>)]
    currency: Value,
}

impl CreateOrderRequest {
    fn parse(&self) -> Result<WantedTicket, OrdersError> {
        let mut validator = Validator::default();
        let id = self.ticket_id.as_str().and_then(|id| id.parse().ok());
        let id = validator.take("ticketId", id.ok_or_else(|| Invalid(vec!["TicketId must be provided".into()])));
        let price = Some(&self.price).filter(|price| !price.is_null()).map(Price::parse).transpose();
        let price = validator.take("price", price);
        let currency = Option::<Currency>::deserialize(&self.currency);
        let currency =
            validator.take("currency", currency.map_err(|_| Invalid(vec!["Currency is not supported".into()])));
        let complete = || Some(WantedTicket { id: id?, seen: SeenPrice { price: price?, currency: currency? } });
        complete().ok_or(OrdersError::Invalid(validator))
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
        (status = 400, description = "No ticket was named, it is reserved already, not for sale any more or not yet (`ticket_not_sealed`), or the buyer's own", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 403, description = "The buyer holds a ticket already and has to confirm their address before another (`address_not_confirmed`)", body = ErrorBody),
        (status = 404, description = "There is no such ticket", body = ErrorBody),
        (status = 409, description = "The ticket costs something else than the buyer has seen", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not declared as JSON", body = ErrorBody),
        (status = 429, description = "The buyer holds as many tickets as one may, or they or their address have reserved too many lately (`too_many_reservations`), has reserved this one too often without buying it (`reserved_too_often`), or has sent too many requests", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable, or the ticket was listed a moment ago and is not known here yet", body = ErrorBody),
    )
)]
pub(super) async fn create_order(
    State(state): State<OrdersState>,
    SignedIn(session): SignedIn,
    network: ClientNetwork,
    JsonBody(request): JsonBody<CreateOrderRequest>,
) -> Result<(StatusCode, Json<OrderResponse>), OrdersError> {
    let WantedTicket { id, seen } = request.parse()?;
    let buyer = Buyer { user: session.user_id, network, is_confirmed: session.is_confirmed };
    let mut ticket = match state.tickets.await_record(id, PATIENCE).await? {
        Awaited::Found(ticket) => ticket,
        Awaited::NotYet => return Err(OrdersError::NotHeardYet),
        Awaited::Unknown => return Err(OrdersError::NotFound),
    };
    for _ in 0..MAX_ATTEMPTS {
        match reserve(&state, &ticket, buyer, seen).await? {
            Reserved::Now(order) => {
                crash_point(CrashPoint::OrderPlaced);
                return Ok((StatusCode::CREATED, Json(OrderResponse::from(&order))));
            }
            Reserved::Before(order) if order.user_id == buyer.user => {
                return Ok((StatusCode::OK, Json(OrderResponse::from(&order))));
            }
            Reserved::Before(_) => return Err(OrdersError::TicketReserved),
            // Its seller has changed it: what it is now is on its way to us.
            Reserved::EditionClosed => ticket = next_edition(&state, &ticket).await?,
            Reserved::JustFreed => {}
        }
    }
    Err(OrdersError::TicketReserved)
}

/// The ticket once its seller's change is known here.
async fn next_edition(state: &OrdersState, ticket: &Ticket) -> Result<Versioned<Ticket>, OrdersError> {
    let is_next = |known: &Ticket| known.edition > ticket.edition || known.withdrawn;
    state.tickets.await_change(ticket.id, PATIENCE, is_next).await?.ok_or(OrdersError::BeingChanged)
}

#[cfg(test)]
mod tests;
