use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use common::errors::ErrorBody;
use futures::{Stream, StreamExt, stream};
use http::{HeaderMap, HeaderName};
use runtime::http::ApiError;

use crate::error::TicketsError;
use crate::live::LiveEvent;
use crate::state::TicketsState;

/// How often `alive` is sent while nothing happens: less than the 30 s after which proxies begin to close idle
/// connections, and often enough that whoever has heard nothing for ten seconds is cut off.
const KEEP_ALIVE: Duration = Duration::from_secs(4);
/// What a browser sends when it reconnects.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Follow what happens to tickets, as server-sent events.
///
/// The events are `created` (it is for sale, and was not before), `updated`, `locked`, `unlocked`, `sold` and
/// `withdrawn`, each with the ticket as its data. An event whose ticket has a lower version than one
/// already seen is an older one. `resync` says that events may have been missed: read the list again. `alive` says that
/// nothing has happened for four seconds: who hears nothing for ten has lost the connection, whatever it looks like.
#[utoipa::path(
    get,
    path = "/api/tickets/live",
    operation_id = "liveTickets",
    tag = "tickets",
    responses(
        (
            status = 200,
            description = "A stream of events that does not end by itself.",
            body = String,
            content_type = "text/event-stream",
            example = "event: locked\nid: 5f1f77bcf86cd799439011aa:1\ndata: {\"id\":\"5f1f77bcf86cd799439011aa\"}\n\n"
        ),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn live_tickets(
    State(state): State<TicketsState>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let changes = state.live.watch().await.map_err(TicketsError::from)?;
    let missed = headers.contains_key(LAST_EVENT_ID).then_some(LiveEvent::Resync);
    // The comment makes proxies forward the head of the response at once.
    let opening = stream::once(async { Event::default().comment("live") });
    let events = opening.chain(stream::iter(missed).chain(changes).map(to_sse)).map(Ok);
    // Browsers tell pages of events, and not of comments.
    let alive = Event::default().event("alive").data("{}");
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE).event(alive)))
}

fn to_sse(event: LiveEvent) -> Event {
    match event {
        LiveEvent::Changed { change, id, ticket } => Event::default().event(change.name()).id(id).data(ticket),
        LiveEvent::Resync => Event::default().event("resync").data("{}"),
    }
}

#[cfg(test)]
mod tests;
