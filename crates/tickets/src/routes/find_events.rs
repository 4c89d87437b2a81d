use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use runtime::http::{ApiError, QueryParams, Validator};
use runtime::limits::ClientNetwork;
use serde::Deserialize;

use super::dto::EventResponse;
use crate::domain::{sought_text, sought_words};
use crate::error::TicketsError;
use crate::state::TicketsState;

/// The query string, as it was sent.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct FindParams {
    /// Beginnings of words in name, venue or city: all must be there, in any order. Case, accents and the strokes of
    /// letters do not matter.
    #[param(max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$", example = "velvet saint")]
    q: Option<String>,
}

/// Find the next events, at most ten, for somebody who types.
///
/// The soonest come first; what has begun is left out, and so is what is cancelled.
#[utoipa::path(
    get,
    path = "/api/events",
    operation_id = "findEvents",
    tag = "events",
    params(FindParams),
    responses(
        (status = 200, description = "The next events that match, soonest first.", body = Vec<EventResponse>),
        (status = 400, description = "A parameter is not valid.", body = ErrorBody),
        (status = 429, description = "Too many searches from this address at once.", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn find_events(
    State(state): State<TicketsState>,
    client: ClientNetwork,
    QueryParams(params): QueryParams<FindParams>,
) -> Result<Json<Vec<EventResponse>>, ApiError> {
    let mut validator = Validator::default();
    let text = params.q.unwrap_or_default();
    let text = validator.take("q", sought_text("q", &text)).ok_or_else(|| validator.into_error())?;
    let words = text.map(sought_words);
    if words.as_ref().is_some_and(Vec::is_empty) {
        // Text without any word, such as "?!", is in no name.
        return Ok(Json(Vec::new()));
    }
    let _turns = state.searches.take(client).await?;
    let found = state.events.find(&words.unwrap_or_default(), state.clock.now()).await.map_err(TicketsError::from)?;
    Ok(Json(found.into_iter().map(|event| EventResponse::from(event).capped(state.price_cap)).collect()))
}
