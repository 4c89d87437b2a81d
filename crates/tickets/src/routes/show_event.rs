use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use common::errors::ErrorBody;
use common::money::Price;
use runtime::http::ApiError;
use runtime::limits::ClientNetwork;
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::EventResponse;
use crate::domain::EventStatus;
use crate::error::TicketsError;
use crate::state::TicketsState;

/// How many tickets are counted: each is read for it, and the catalogue asks for many events at once.
const COUNTED: usize = 100;

/// An event, and what tickets to it there are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EventWithTickets)]
pub(super) struct ShownEvent {
    #[serde(flatten)]
    event: EventResponse,
    /// How many tickets to it are for sale; where there are more than a hundred, a hundred.
    ticket_count: usize,
    /// What the cheapest of them costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    from_price: Option<Price>,
}

/// Show one event, and how many tickets to it are for sale, from which price.
///
/// The tickets themselves are listed by `eventId`. All of them are in the event's currency.
#[utoipa::path(
    get,
    path = "/api/events/{slug}",
    operation_id = "showEvent",
    tag = "events",
    params(("slug" = String, Path, description = "What the event is called in addresses, or its id.")),
    responses(
        (status = 200, description = "The event.", body = ShownEvent),
        (status = 404, description = "There is no such event.", body = ErrorBody),
        (status = 429, description = "Too many searches from this address at once.", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn show_event(
    State(state): State<TicketsState>,
    client: ClientNetwork,
    name: Result<Path<String>, PathRejection>,
) -> Result<Json<ShownEvent>, ApiError> {
    let Path(name) = name.map_err(|_| ApiError::not_found())?;
    let found = state.events.named(&name).await.map_err(TicketsError::from)?;
    let event = found.ok_or(TicketsError::NotFound)?;
    let _turns = state.searches.take(client).await?;
    let is_over = event.starts_at.moment <= state.clock.now() || event.status == EventStatus::Cancelled;
    let tickets = if is_over {
        // Nothing is for sale then, or will be in a moment.
        Vec::new()
    } else {
        state.tickets.to_event(event.id, COUNTED).await.map_err(TicketsError::from)?
    };
    let from_price = tickets.first().map(|ticket| ticket.price);
    let event = EventResponse::of(event, state.price_cap);
    Ok(Json(ShownEvent { event, ticket_count: tickets.len(), from_price }))
}

#[cfg(test)]
mod tests;
