//! The API's description and a page to browse it.

use axum::Router;
use axum::http::{StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use runtime::http::ApiError;
use serde_json::Value;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Where the document is.
pub const DOCUMENT: &str = "/api/docs/openapi.json";

/// The description of all services. Kept as text, so that no process contains the handlers of the
/// others; a test makes it from what they say, and finds it the same.
const KEPT: &str = include_str!("../openapi.json");
/// The description of all events, kept and found the same likewise.
const KEPT_EVENTS: &str = include_str!("../asyncapi.json");

/// Serves the description of all services at `/api/docs`, as a page and as a document, and that of their
/// events beside it. Every process knows it, whatever it runs: there is one API.
pub fn routes(cookie: &str) -> Router {
    let config = Config::new([DOCUMENT]).try_it_out_enabled(true);
    let page = SwaggerUi::new("/api/docs").external_url_unchecked(DOCUMENT, document(cookie)).config(config);
    let events = axum::routing::get(|| async { ([(header::CONTENT_TYPE, "application/json")], KEPT_EVENTS) });
    Router::new()
        .merge(page)
        .route("/api/docs/asyncapi.json", events)
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .layer(map_response(in_the_error_format))
}

/// The page's files are answered for by a library, which has no words for one that is not there.
async fn in_the_error_format(response: Response) -> Response {
    if response.status() == StatusCode::NOT_FOUND { ApiError::not_found().into_response() } else { response }
}

/// Sessions are in the cookie that is in use here.
fn document(cookie: &str) -> Value {
    let mut document: Value = serde_json::from_str(KEPT).expect("a test has read it");
    document["components"]["securitySchemes"]["session"]["name"] = cookie.into();
    document
}

#[cfg(test)]
mod tests;
