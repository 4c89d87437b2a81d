//! The API's description and a page to browse it.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use runtime::http::ApiError;
use serde_json::Value;
use utoipa_swagger_ui::{Config, SwaggerFile, serve};

mod page;

/// The path of the page.
const PLACE: &str = "/api/docs/";
/// The path of the document.
pub const DOCUMENT: &str = "/api/docs/openapi.json";
/// The path of the document about events.
const EVENTS: &str = "/api/docs/asyncapi.json";

/// The description of all services. Kept as text, so that no process contains the handlers of the
/// others; a test generates it from them and compares.
const KEPT: &str = include_str!("../openapi.json");
/// The description of all events, kept and found the same likewise.
const KEPT_EVENTS: &str = include_str!("../asyncapi.json");

/// Serves the description of all services at `/api/docs`, as a page and as a document, and that of their
/// events next to it. Every process serves it, whatever it runs: there is one API.
pub fn routes(cookie: &str) -> Router {
    let config = Arc::new(Config::new([DOCUMENT]).try_it_out_enabled(true).use_base_layout());
    let document = document(cookie);
    Router::new()
        .route("/api/docs", get(|| async { Redirect::to(PLACE) }))
        .route(PLACE, get(|| async { page::page() }))
        .route(DOCUMENT, get(|| async { Json(document) }))
        .route(EVENTS, get(|| async { ([(header::CONTENT_TYPE, "application/json")], KEPT_EVENTS) }))
        .route("/api/docs/{*file}", get(|Path(name): Path<String>| async move { file(&name, config) }))
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

async fn finish(mut response: Response) -> Response {
    if !response.status().is_client_error() {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
        response.headers_mut().insert(header::CACHE_CONTROL, CACHING);
    }
    response
}

/// A file that the page needs, from the library that draws it. Its own page is not ours.
fn file(name: &str, config: Arc<Config<'static>>) -> Response {
    let served = if name == "index.html" { Ok(None) } else { serve(name, config) };
    match served {
        Ok(Some(SwaggerFile { bytes, content_type, gzpipped, .. })) => {
            let compressed = gzpipped.then_some([(header::CONTENT_ENCODING, "gzip")]);
            ([(header::CONTENT_TYPE, content_type)], compressed, bytes).into_response()
        }
        Ok(None) => ApiError::not_found().into_response(),
        Err(error) => {
            tracing::error!(%error, "a file of the documentation cannot be served");
            ApiError::internal().into_response()
        }
    }
}

/// The document, with the name of the session cookie that this process uses.
fn document(cookie: &str) -> Value {
    let mut document: Value = serde_json::from_str(KEPT).expect("a test has read it");
    document["components"]["securitySchemes"]["session"]["name"] = cookie.into();
    document
}

#[cfg(test)]
mod tests;
