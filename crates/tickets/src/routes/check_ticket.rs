use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::events::EventDetails;
use common::money::{Currency, Price};
use runtime::http::{ApiError, JsonBody};
use runtime::session::Confirmed;
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::TicketRequest;
use crate::domain::Ticket;
use crate::error::TicketsError;
use crate::state::TicketsState;

/// What a ticket would be.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CheckedTicket {
    /// What it would be called.
    #[schema(example = "Hamilton, two seats together")]
    title: String,
    /// What it would cost, in whole units of the currency.
    price: Price,
    /// The currency of the price.
    currency: Currency,
    #[serde(flatten)]
    details: EventDetails,
}

/// Check a ticket without listing it: what it would be, or which rules it breaks.
///
/// For a page that shows what will be for sale before it is. Nothing is kept, so whether it can be listed a moment later is
/// not promised.
#[utoipa::path(
    post,
    path = "/api/tickets/check",
    operation_id = "checkTicket",
    tag = "tickets",
    security(("session" = [])),
    request_body = TicketRequest,
    responses(
        (status = 200, description = "It could be listed, as this.", body = CheckedTicket),
        (status = 400, description = "A rule is broken, or the price is higher than the operator allows for the tier (`price_above_cap`).", body = ErrorBody),
        (status = 401, description = "Not signed in.", body = ErrorBody),
        (status = 403, description = "The seller has to confirm their address first (`address_not_confirmed`).", body = ErrorBody),
        (status = 413, description = "The body is too large.", body = ErrorBody),
        (status = 415, description = "The body is not declared as JSON.", body = ErrorBody),
        (status = 429, description = "Too many requests.", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn check_ticket(
    State(state): State<TicketsState>,
    Confirmed(seller): Confirmed,
    JsonBody(request): JsonBody<TicketRequest>,
) -> Result<Json<CheckedTicket>, ApiError> {
    let form = state.events.complete(request.parse()?, None, state.price_cap).await?;
    let now = state.clock.now();
    let ticket = Ticket::list(state.ids.next(now), seller.user_id, form, now).map_err(TicketsError::from)?;
    if state.tickets.is_listed_already(&ticket).await.map_err(TicketsError::from)? {
        return Err(TicketsError::SeatListed.into());
    }
    let Ticket { title, price, currency, details, .. } = ticket;
    Ok(Json(CheckedTicket { title: title.into_string(), price, currency, details }))
}

#[cfg(test)]
mod tests;
