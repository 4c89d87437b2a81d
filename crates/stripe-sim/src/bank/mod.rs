//! The bank's page: where a buyer says whether a payment is theirs. Plain HTML, which works without script.

mod decide;
mod page;
mod show;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use http::{HeaderValue, header};
use tower_http::csrf::CsrfLayer;

use crate::api::Api;
use crate::domain::{Intent, Refusal, intent_of_client_secret};

/// A form with one button pressed.
const LARGEST_BODY: usize = 1024;

/// The pages, one per intent, by its client secret.
pub(crate) fn routes(api: Api) -> Router {
    Router::new()
        .route("/{client_secret}", get(show::show).post(decide::decide))
        .fallback(async || page::unknown())
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        // A decision is the buyer's own, and not that of another page they look at.
        .layer(CsrfLayer::new().with_rejection_response(|_| page::foreign()))
        .layer(map_response(protect))
        .with_state(api)
}

/// The intent that a page is about, if whoever asks knows its client secret.
async fn find(api: &Api, client_secret: &str) -> Result<Option<Intent>, Refusal> {
    let Some(id) = intent_of_client_secret(client_secret) else { return Ok(None) };
    let intent = api.intents.get(id).await?.map(|intent| intent.value);
    Ok(intent.filter(|intent| intent.client_secret() == client_secret && intent.challenge.is_some()))
}

/// The page holds nothing but its own style, belongs in no frame, and its address (a secret) is told to nobody.
async fn protect(mut response: Response) -> Response {
    let policy =
        format!("default-src 'none'; style-src {}; base-uri 'none'; frame-ancestors 'none'", page::style_hash());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::try_from(policy).expect("plain ASCII"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
