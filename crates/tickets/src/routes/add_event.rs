use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use http::StatusCode;
use runtime::http::{ApiError, JsonBody, NewId};
use runtime::session::Confirmed;

use super::dto::{EventRequest, EventResponse};
use crate::domain::Event;
use crate::error::TicketsError;
use crate::events::Added;
use crate::state::TicketsState;

/// Add an event that is not known yet, so that tickets to it can be listed.
///
/// Where somebody has added it before, that event is the answer: nothing is known twice.
#[utoipa::path(
    post,
    path = "/api/events",
    operation_id = "addEvent",
    tag = "events",
    security(("session" = [])),
    request_body = EventRequest,
    responses(
        (status = 200, description = "Somebody has added the event before: this is it.", body = EventResponse),
        (status = 201, description = "The event is known.", body = EventResponse),
        (status = 400, description = "A rule is broken.", body = ErrorBody),
        (status = 401, description = "Not signed in.", body = ErrorBody),
        (status = 403, description = "One's address has to be confirmed first (`address_not_confirmed`).", body = ErrorBody),
        (status = 413, description = "The body is too large.", body = ErrorBody),
        (status = 415, description = "The body is not declared as JSON.", body = ErrorBody),
        (status = 429, description = "Too many requests, or too many events added by one user.", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn add_event(
    State(state): State<TicketsState>,
    Confirmed(session): Confirmed,
    new_id: NewId,
    JsonBody(request): JsonBody<EventRequest>,
) -> Result<(StatusCode, Json<EventResponse>), ApiError> {
    let form = request.parse()?;
    let now = state.clock.now();
    let event = Event::add(new_id.or_fresh(&state.ids, now), form, now).map_err(TicketsError::from)?;
    let added = match state.event_budget.take(session.user_id) {
        Ok(claims) => {
            let added = state.events.add(event).await;
            if !matches!(added, Ok(Added::Now(_))) {
                state.event_budget.give_back(&claims);
            }
            added?
        }
        // Who adds nothing has an answer all the same.
        Err(too_many) => state.events.added_before(&event).await?.ok_or(too_many)?,
    };
    let answer = |event| Json(EventResponse::of(event, state.price_cap));
    Ok(match added {
        Added::Now(event) => (StatusCode::CREATED, answer(event)),
        Added::Before(event) => (StatusCode::OK, answer(event)),
    })
}

#[cfg(test)]
mod tests;
