use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id::{Ticket, TicketId};
use runtime::http::{ApiError, JsonBody, PathId};
use runtime::session::SignedIn;

use super::dto::{TicketRequest, TicketResponse};
use crate::error::TicketsError;
use crate::state::TicketsState;

/// Edit a ticket of one's own while it is for sale. Details that are not mentioned stay as they
/// are; `null` takes one away.
#[utoipa::path(
    put,
    path = "/api/tickets/{id}",
    operation_id = "editTicket",
    tag = "tickets",
    security(("session" = [])),
    params(("id" = TicketId, Path, description = "The ticket.")),
    request_body = TicketRequest,
    responses(
        (status = 200, description = "The ticket as it is now.", body = TicketResponse),
        (status = 400, description = "A rule is broken, or the ticket is reserved.", body = ErrorBody),
        (status = 401, description = "Not signed in, or not the seller.", body = ErrorBody),
        (status = 404, description = "There is no such ticket.", body = ErrorBody),
        (status = 413, description = "The body is too large.", body = ErrorBody),
        (status = 415, description = "The body is not declared as JSON.", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn edit_ticket(
    State(state): State<TicketsState>,
    SignedIn(editor): SignedIn,
    PathId(id): PathId<Ticket>,
    JsonBody(request): JsonBody<TicketRequest>,
) -> Result<Json<TicketResponse>, ApiError> {
    let form = request.parse()?;
    let edit = state.tickets.update(id, |ticket| Ok::<_, TicketsError>(ticket.edit(editor.user_id, form.clone())?));
    let ticket = edit.await?.ok_or(TicketsError::NotFound)?;
    Ok(Json(ticket.into()))
}

#[cfg(test)]
mod tests;
