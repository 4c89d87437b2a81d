use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use http::StatusCode;
use ports::store::{Conflict, StoreError};
use runtime::http::{ApiError, JsonBody, NewId};
use runtime::session::Confirmed;

use super::dto::{TicketRequest, TicketResponse};
use crate::domain::Ticket;
use crate::error::TicketsError;
use crate::rivals;
use crate::state::TicketsState;

/// List a ticket for sale.
///
/// A title and a price are enough; what else is known helps buyers to find it. It can be changed and withdrawn until
/// somebody reserves it.
#[utoipa::path(
    post,
    path = "/api/tickets",
    operation_id = "createTicket",
    tag = "tickets",
    security(("session" = [])),
    request_body = TicketRequest,
    responses(
        (status = 201, description = "The ticket is for sale.", body = TicketResponse),
        (status = 400, description = "A rule is broken, the price is higher than the operator allows for the tier (`price_above_cap`), or the seller has as many tickets for sale as one may (`too_many_listings`).", body = ErrorBody),
        (status = 401, description = "Not signed in.", body = ErrorBody),
        (status = 403, description = "The seller has to confirm their address first (`address_not_confirmed`).", body = ErrorBody),
        (status = 413, description = "The body is too large.", body = ErrorBody),
        (status = 415, description = "The body is not declared as JSON.", body = ErrorBody),
        (status = 429, description = "Too many requests.", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn create_ticket(
    State(state): State<TicketsState>,
    Confirmed(seller): Confirmed,
    new_id: NewId,
    JsonBody(request): JsonBody<TicketRequest>,
) -> Result<(StatusCode, Json<TicketResponse>), ApiError> {
    let form = state.events.complete(request.parse()?, None, state.price_cap).await?;
    let now = state.clock.now();
    let id = new_id.or_fresh(&state.ids, now);
    let ticket = Ticket::list(id, seller.user_id, form, now).map_err(TicketsError::from)?;
    let listed = match state.places.list(ticket).await {
        // An earlier try of this very request, whose answer was lost.
        Err(TicketsError::Store(StoreError::Conflict(Conflict::Exists))) => {
            state.tickets.get(id).await.map_err(TicketsError::from)?
        }
        listed => Some(listed?),
    };
    let ticket = listed.ok_or(TicketsError::NotFound)?;
    rivals::report(&state.tickets, &ticket).await;
    Ok((StatusCode::CREATED, Json(TicketResponse::for_seller(ticket))))
}

#[cfg(test)]
mod tests;
