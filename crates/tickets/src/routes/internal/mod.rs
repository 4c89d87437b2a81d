//! What operators ask.

mod change_event;
mod find_event;

use axum::routing::post;
use common::event_change::{CHANGE_EVENT, FIND_EVENT};
use common::version::Versioned;
use http::StatusCode;
use runtime::http::ApiError;
use utoipa_axum::router::OpenApiRouter;

use crate::domain::Event;
use crate::error::TicketsError;
use crate::state::TicketsState;

/// One line for each question; none is part of the public API.
pub(crate) fn internal() -> OpenApiRouter<TicketsState> {
    OpenApiRouter::new()
        .route(CHANGE_EVENT, post(change_event::change_event))
        .route(FIND_EVENT, post(find_event::find_event))
}

/// The event that is called so in addresses, or has this id.
async fn event_named(state: &TicketsState, name: &str) -> Result<Versioned<Event>, ApiError> {
    let found = state.events.named(name).await.map_err(TicketsError::from)?;
    found.ok_or_else(|| {
        let message = format!("there is no event that is called {name}, or has this id");
        ApiError::new(StatusCode::NOT_FOUND, "not_found", message)
    })
}
