//! The API's description and a page to browse it.

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use runtime::http::ApiError;
use serde_json::Value;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// The path of the document.
pub const DOCUMENT: &str = "/api/docs/openapi.json";

/// The description of all services. Kept as text, so that no process contains the handlers of the
/// others; a test generates it from them and compares.
const KEPT: &str = include_str!("../openapi.json");
/// The description of all events, kept and found the same likewise.
const KEPT_EVENTS: &str = include_str!("../asyncapi.json");

/// Serves the description of all services at `/api/docs`, as a page and as a document, and that of their
/// events next to it. Every process serves it, whatever it runs: there is one API.
pub fn routes(cookie: &str) -> Router {
    let config = Config::new([DOCUMENT]).try_it_out_enabled(true);
    let page = SwaggerUi::new("/api/docs").external_url_unchecked(DOCUMENT, document(cookie)).config(config);
    let events = axum::routing::get(|| async { ([(header::CONTENT_TYPE, "application/json")], KEPT_EVENTS) });
    Router::new()
        .merge(page)
        .route("/api/docs/asyncapi.json", events)
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .layer(map_response(finish))
}

/// What the page needs: files of ours, styles that its library writes, and pictures within its stylesheet. It may be
/// tried out against this API only.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// The same for everybody, and new with each version of the program.
const CACHING: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// The page's files are served by a library, whose response for a missing one has no body.
async fn finish(mut response: Response) -> Response {
    if response.status() == StatusCode::NOT_FOUND {
        return ApiError::not_found().into_response();
    }
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    response.headers_mut().insert(header::CACHE_CONTROL, CACHING);
    response
}

/// The document, with the name of the session cookie that this process uses.
fn document(cookie: &str) -> Value {
    let mut document: Value = serde_json::from_str(KEPT).expect("a test has read it");
    document["components"]["securitySchemes"]["session"]["name"] = cookie.into();
    document
}

#[cfg(test)]
mod tests;
