use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::response::{AppendHeaders, IntoResponse};
use common::errors::ErrorBody;
use http::header::LINK;
use runtime::http::{ApiError, QueryParams, SortedBy, Validator, next_link, parse_cursor, parse_limit};
use runtime::limits::ClientNetwork;
use runtime::store::Page;
use serde::Deserialize;

use super::day_schema;
use super::dto::EventResponse;
use crate::domain::{check_period, parse_day, sought_text, sought_words};
use crate::error::TicketsError;
use crate::events::SoughtEvents;
use crate::state::TicketsState;

/// How many are offered to somebody who types.
const OFFERED: usize = 10;

/// The query string, as it was sent.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct FindParams {
    /// Beginnings of words in name, venue or city: all must be there, in any order. Case, accents and the strokes of
    /// letters do not matter.
    #[param(max_length = 200, pattern = r"^[^\u0000-\u001F\u007F-\u009F]*$", example = "velvet saint")]
    q: Option<String>,
    /// The earliest day on which the event begins, at its venue.
    #[param(schema_with = day_schema, example = "2026-11-22")]
    from_day: Option<String>,
    /// The latest day on which the event begins, at its venue: not before `fromDay`.
    #[param(schema_with = day_schema, example = "2027-11-22")]
    to_day: Option<String>,
    /// How many events a page has at most: ten unless told otherwise.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, example = 20)]
    limit: Option<String>,
    /// Where the page begins: taken from the `Link` header of the page before it.
    cursor: Option<String>,
}

impl FindParams {
    /// What is looked for; `None` if nothing can be so: text without any word, such as "?!", is in no name.
    fn parse(self) -> Result<Option<SoughtEvents>, ApiError> {
        let mut validator = Validator::default();
        let text = self.q.unwrap_or_default();
        let words = validator.take("q", sought_text("q", &text).map(|text| text.map(sought_words)));
        let from_day = validator.take("fromDay", parse_day("fromDay", &self.from_day.unwrap_or_default()));
        let to_day = validator.take("toDay", parse_day("toDay", &self.to_day.unwrap_or_default()));
        let (first, last) = (from_day.as_ref().and_then(Option::as_ref), to_day.as_ref().and_then(Option::as_ref));
        let days = validator.take("toDay", check_period(("fromDay", first), ("toDay", last)));
        let limit = self.limit.as_deref().map_or(Ok(OFFERED), |limit| parse_limit(Some(limit)));
        let limit = validator.take("limit", limit);
        let after = validator.take("cursor", parse_cursor(self.cursor.as_deref(), SortedBy::Time));
        let complete = || {
            days?;
            let (from_day, to_day, after, limit) = (from_day?, to_day?, after?, limit?);
            Some(match words? {
                Some(words) if words.is_empty() => None,
                words => Some(SoughtEvents { words: words.unwrap_or_default(), from_day, to_day, after, limit }),
            })
        };
        complete().ok_or_else(|| validator.into_error())
    }
}

/// Find the next events.
///
/// The soonest come first, in pages; what has begun is left out, and so is what is cancelled.
#[utoipa::path(
    get,
    path = "/api/events",
    operation_id = "findEvents",
    tag = "events",
    params(FindParams),
    responses(
        (
            status = 200,
            description = "One page of the next events that match, soonest first.",
            body = Vec<EventResponse>,
            headers(("Link" = String, description = "`<...>; rel=\"next\"`: the next page, if there is one."))
        ),
        (status = 400, description = "A parameter is not valid.", body = ErrorBody),
        (status = 429, description = "Too many searches from this address at once.", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn find_events(
    State(state): State<TicketsState>,
    OriginalUri(uri): OriginalUri,
    client: ClientNetwork,
    QueryParams(params): QueryParams<FindParams>,
) -> Result<impl IntoResponse, ApiError> {
    let page = match params.parse()? {
        None => Page { items: Vec::new(), next: None },
        Some(sought) => {
            let _turns = state.searches.take(client).await?;
            state.events.find(&sought, state.clock.now()).await.map_err(TicketsError::from)?
        }
    };
    let link = page.next.and_then(|next| next_link(&uri, &next.encode())).map(|link| (LINK, link));
    let events: Vec<_> = page.items.into_iter().map(|event| EventResponse::of(event, state.price_cap)).collect();
    Ok((AppendHeaders(link), Json(events)))
}

#[cfg(test)]
mod tests;
