use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id::{Ticket, TicketId};
use runtime::http::{ApiError, JsonBody, PathId};
use runtime::session::SignedIn;

use super::ticket_body::TicketBody;
use super::ticket_view::TicketView;
use crate::error::TicketError;
use crate::state::Tickets;
use crate::ticket_store::Changed;

/// Edit a ticket of one's own while it is for sale. Details that are not mentioned stay as they
/// are; `null` takes one away.
#[utoipa::path(
    put,
    path = "/api/tickets/{id}",
    operation_id = "editTicket",
    tag = "tickets",
    security(("session" = [])),
    params(("id" = TicketId, Path, description = "The ticket.")),
    request_body = TicketBody,
    responses(
        (status = 200, description = "The ticket as it is now.", body = TicketView),
        (status = 400, description = "A rule is broken, or the ticket is reserved.", body = ErrorBody),
        (status = 401, description = "Not signed in, or not the seller.", body = ErrorBody),
        (status = 404, description = "There is no such ticket.", body = ErrorBody),
        (status = 413, description = "The body is too large.", body = ErrorBody),
        (status = 415, description = "The body is not declared as JSON.", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn edit_ticket(
    State(tickets): State<Tickets>,
    SignedIn(editor): SignedIn,
    PathId(id): PathId<Ticket>,
    JsonBody(body): JsonBody<TicketBody>,
) -> Result<Json<TicketView>, ApiError> {
    let form = body.parse()?;
    let edited = tickets.store.change(id, |ticket| {
        ticket.edit(editor.user_id, form.clone())?;
        Ok::<_, TicketError>(Changed::Yes)
    });
    let ticket = edited.await?.ok_or(TicketError::NotFound)?;
    Ok(Json(ticket.into()))
}

#[cfg(test)]
mod tests;
