use axum::extract::{FromRequestParts, OriginalUri, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use common::errors::ErrorBody;
use common::time::Timestamp;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Uri, header};
use ports::store::StoreError;
use runtime::http::{ApiError, QueryParams, next_link};
use runtime::limits::ClientNetwork;
use runtime::session::SignedIn;

use super::dto::TicketResponse;
use crate::error::TicketsError;
use crate::hot_pages::{HotPage, Lookup};
use crate::listing::{ListParams, Listing, Scope};
use crate::search;
use crate::state::TicketsState;

/// Says that what was found only comes near to what was searched for.
const SEARCH_RESULT: HeaderName = HeaderName::from_static("search-result");

/// List the tickets that are for sale, or one's own.
///
/// They come in pages, the newest first unless told otherwise. All filters that are given must fit.
#[utoipa::path(
    get,
    path = "/api/tickets",
    operation_id = "listTickets",
    tag = "tickets",
    params(ListParams),
    responses(
        (
            status = 200,
            description = "One page of tickets.",
            body = Vec<TicketResponse>,
            headers(
                ("Link" = String, description = "`<...>; rel=\"next\"`: the next page, if there is one."),
                ("Search-Result" = String, description = "`near`: nothing has all words of `q`; these tickets come near.")
            )
        ),
        (status = 400, description = "A parameter is not valid.", body = ErrorBody),
        (status = 401, description = "Not signed in, and asking for one's own tickets.", body = ErrorBody),
        (status = 429, description = "Too many searches from this address at once.", body = ErrorBody),
        (status = 503, description = "Temporarily unavailable.", body = ErrorBody),
    )
)]
pub(super) async fn list_tickets(
    State(state): State<TicketsState>,
    OriginalUri(uri): OriginalUri,
    client: ClientNetwork,
    listing: Listing,
) -> Result<Response, ApiError> {
    let Some(key) = listing.page_key() else {
        return Ok(respond(&uri, read_page(&state, &listing, client).await?));
    };
    let page = match state.hot_pages.get(key, state.clock.now()) {
        Lookup::Hit(page) => page,
        Lookup::Miss(generation) => {
            let page = read_page(&state, &listing, client).await?;
            state.hot_pages.insert(key, generation, page.clone());
            page
        }
    };
    Ok(respond(&uri, page))
}

async fn read_page(state: &TicketsState, listing: &Listing, client: ClientNetwork) -> Result<HotPage, TicketsError> {
    let _turns = if listing.is_narrowed() { state.searches.take(client).await? } else { Vec::new() };
    let page = search::find(&state.tickets, listing, state.clock.now()).await?;
    let begin = page.tickets.iter().filter_map(|ticket| ticket.details.starts_at);
    let valid_until = begin.min().unwrap_or(Timestamp::MAX);
    let respond = match listing.scope {
        Scope::SoldBy(..) => TicketResponse::for_seller,
        Scope::ForSale => TicketResponse::from,
    };
    let tickets: Vec<TicketResponse> = page.tickets.into_iter().map(respond).collect();
    let json = serde_json::to_vec(&tickets).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(HotPage { json: Bytes::from(json), next: page.next, is_near: page.is_near, valid_until })
}

fn respond(uri: &Uri, page: HotPage) -> Response {
    let mut response = json(page.json);
    if let Some(link) = page.next.and_then(|next| next_link(uri, &next.encode())) {
        response.headers_mut().insert(header::LINK, link);
    }
    if page.is_near {
        response.headers_mut().insert(SEARCH_RESULT, HeaderValue::from_static("near"));
    }
    response
}

/// A response of what is JSON already.
pub(super) fn json(json: Bytes) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], json).into_response()
}

impl<S: Send + Sync> FromRequestParts<S> for Listing {
    type Rejection = ApiError;

    /// Checks the session only where it matters: most visitors of the list need none.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let QueryParams(params) = QueryParams::<ListParams>::from_request_parts(parts, state).await?;
        if params.is_personal() {
            let SignedIn(session) = SignedIn::from_request_parts(parts, state).await?;
            params.parse(Some(&session))
        } else {
            params.parse(None)
        }
    }
}

#[cfg(test)]
mod tests;
