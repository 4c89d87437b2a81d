use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use http::StatusCode;
use runtime::http::{ApiError, JsonBody};
use runtime::session::SignedIn;

use super::dto::{TicketRequest, TicketResponse};
use crate::domain::Ticket;
use crate::error::TicketsError;
use crate::state::TicketsState;

/// List a ticket for sale.
#[utoipa::path(
    post,
    path = "/api/tickets",
    operation_id = "createTicket",
    tag = "tickets",
    security(("session" = [])),
    request_body = TicketRequest,
    responses(
        (status = 201, description = "The ticket is for sale.", body = TicketResponse),
        (status = 400, description = "A rule is broken.", body = ErrorBody),
        (status = 401, description = "Not signed in.", body = ErrorBody),
        (status = 413, description = "The body is too large.", body = ErrorBody),
        (status = 415, description = "The body is not declared as JSON.", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn create_ticket(
    State(state): State<TicketsState>,
    SignedIn(seller): SignedIn,
    JsonBody(request): JsonBody<TicketRequest>,
) -> Result<(StatusCode, Json<TicketResponse>), ApiError> {
    let form = request.parse()?;
    let now = state.clock.now();
    let ticket = Ticket::list(state.ids.next(now), seller.user_id, form, now).map_err(TicketsError::from)?;
    let ticket = state.tickets.insert(ticket).await.map_err(TicketsError::from)?;
    Ok((StatusCode::CREATED, Json(ticket.into())))
}

#[cfg(test)]
mod tests;
