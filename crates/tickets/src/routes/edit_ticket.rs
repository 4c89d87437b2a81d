use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use common::errors::ErrorBody;
use common::id::{EventId, Ticket, TicketId};
use runtime::http::{ApiError, JsonBody, PathId};
use runtime::session::SignedIn;

use super::dto::{IfMatch, TicketRequest, TicketResponse, entity_tag};
use crate::domain::{Change, SellerChange};
use crate::error::TicketsError;
use crate::rivals;
use crate::state::TicketsState;

/// Edit a ticket of one's own while it is for sale. Details that are not mentioned stay as they
/// are; `null` takes one away.
#[utoipa::path(
    put,
    path = "/api/tickets/{id}",
    operation_id = "editTicket",
    tag = "tickets",
    security(("session" = [])),
    params(
        ("id" = TicketId, Path, description = "The ticket."),
        ("If-Match" = Option<String>, Header, description = "The version that the seller has seen, as `ETag` has it."),
    ),
    request_body = TicketRequest,
    responses(
        (status = 200, description = "The ticket as it is now.", body = TicketResponse),
        (status = 400, description = "A rule is broken, the price is higher than the operator allows for the tier (`price_above_cap`), or the ticket is reserved.", body = ErrorBody),
        (status = 401, description = "Not signed in, or not the seller.", body = ErrorBody),
        (status = 404, description = "There is no such ticket.", body = ErrorBody),
        (status = 409, description = "Somebody has changed it since the version that was seen.", body = ErrorBody),
        (status = 413, description = "The body is too large.", body = ErrorBody),
        (status = 415, description = "The body is not declared as JSON.", body = ErrorBody),
        (status = 429, description = "Too many requests.", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn edit_ticket(
    State(state): State<TicketsState>,
    SignedIn(editor): SignedIn,
    PathId(id): PathId<Ticket>,
    IfMatch(if_match): IfMatch,
    JsonBody(request): JsonBody<TicketRequest>,
) -> Result<impl IntoResponse, ApiError> {
    let seen = if_match.or(request.seen_version()?);
    let parsed = request.parse()?;
    let asks_event = parsed.is_of_present_event(state.price_cap.is_some());
    let present = if asks_event { event_of(&state, id).await? } else { None };
    let form = state.events.complete(parsed, present, state.price_cap).await?;
    let edit = SellerChange { seller: editor.user_id, seen, change: Change::Edit(form) };
    let ticket = state.gate.change(id, &edit).await?;
    rivals::report(&state.tickets, &ticket).await;
    Ok((entity_tag(ticket.version), Json(TicketResponse::for_seller(ticket))))
}

async fn event_of(state: &TicketsState, id: TicketId) -> Result<Option<EventId>, TicketsError> {
    Ok(state.tickets.get(id).await?.and_then(|ticket| ticket.details.event_id))
}

#[cfg(test)]
mod tests;
