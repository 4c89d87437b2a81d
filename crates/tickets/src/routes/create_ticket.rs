use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use http::StatusCode;
use runtime::http::{ApiError, JsonBody};
use runtime::session::SignedIn;

use super::ticket_body::TicketBody;
use super::ticket_view::TicketView;
use crate::domain::Ticket;
use crate::error::TicketError;
use crate::state::Tickets;

/// List a ticket for sale.
#[utoipa::path(
    post,
    path = "/api/tickets",
    operation_id = "createTicket",
    tag = "tickets",
    security(("session" = [])),
    request_body = TicketBody,
    responses(
        (status = 201, description = "The ticket is for sale.", body = TicketView),
        (status = 400, description = "A rule is broken.", body = ErrorBody),
        (status = 401, description = "Not signed in.", body = ErrorBody),
        (status = 413, description = "The body is too large.", body = ErrorBody),
        (status = 415, description = "The body is not declared as JSON.", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn create_ticket(
    State(tickets): State<Tickets>,
    SignedIn(seller): SignedIn,
    JsonBody(body): JsonBody<TicketBody>,
) -> Result<(StatusCode, Json<TicketView>), ApiError> {
    let form = body.parse()?;
    let now = tickets.clock.now();
    let ticket = Ticket::list(tickets.ids.next(now), seller.user_id, form, now);
    tickets.store.add(&ticket).await.map_err(TicketError::from)?;
    Ok((StatusCode::CREATED, Json(ticket.into())))
}

#[cfg(test)]
mod tests;
