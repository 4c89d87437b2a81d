//! What operators ask.

mod change_event;

use axum::routing::post;
use common::event_change::CHANGE_EVENT;
use utoipa_axum::router::OpenApiRouter;

use crate::state::TicketsState;

/// One line for each question; none is part of the public API.
pub(crate) fn internal() -> OpenApiRouter<TicketsState> {
    OpenApiRouter::new().route(CHANGE_EVENT, post(change_event::change_event))
}
