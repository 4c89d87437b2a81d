use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use common::errors::ErrorBody;
use common::id::TicketId;
use runtime::http::ApiError;
use runtime::limits::ClientNetwork;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::TicketsError;
use crate::sitemap::Entries;
use crate::state::TicketsState;

/// What search engines are told of.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Sitemap {
    /// How many parts it has; they are numbered from 1.
    parts: usize,
}

/// A part of what search engines are told of.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SitemapPart {
    /// What the events are called in addresses.
    events: Vec<String>,
    /// The tickets.
    tickets: Vec<TicketId>,
}

/// Show in how many parts search engines are told of the events ahead and the tickets for sale.
///
/// All of them are looked up once an hour.
#[utoipa::path(
    get,
    path = "/api/tickets/sitemap",
    operation_id = "showSitemap",
    tag = "tickets",
    responses(
        (status = 200, description = "The number of parts.", body = Sitemap),
        (status = 429, description = "Too many searches from this address at once.", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn show_sitemap(
    State(state): State<TicketsState>,
    client: ClientNetwork,
) -> Result<Json<Sitemap>, ApiError> {
    let entries = read(&state, client).await?;
    Ok(Json(Sitemap { parts: entries.parts() }))
}

/// Show one part of what search engines are told of.
///
/// It has at most 10,000 events and tickets, the soonest first.
#[utoipa::path(
    get,
    path = "/api/tickets/sitemap/{part}",
    operation_id = "showSitemapPart",
    tag = "tickets",
    params(("part" = usize, Path, description = "Its number, from 1.", minimum = 1, example = 1)),
    responses(
        (status = 200, description = "The part.", body = SitemapPart),
        (status = 404, description = "There are not so many parts.", body = ErrorBody),
        (status = 429, description = "Too many searches from this address at once.", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn show_sitemap_part(
    State(state): State<TicketsState>,
    client: ClientNetwork,
    number: Result<Path<usize>, PathRejection>,
) -> Result<Json<SitemapPart>, ApiError> {
    let Path(number) = number.map_err(|_| ApiError::not_found())?;
    let entries = read(&state, client).await?;
    let (events, tickets) = entries.part(number).ok_or(TicketsError::NotFound)?;
    let events = events.iter().map(|slug| slug.as_str().to_owned()).collect();
    Ok(Json(SitemapPart { events, tickets: tickets.to_vec() }))
}

async fn read(state: &TicketsState, client: ClientNetwork) -> Result<Arc<Entries>, TicketsError> {
    let _turns = state.searches.take(client).await?;
    Ok(state.sitemap.entries().await?)
}

#[cfg(test)]
mod tests;
