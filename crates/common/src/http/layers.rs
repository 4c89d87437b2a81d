use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, Method, header};
use tokio_util::task::TaskTracker;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::RequestBodyDeadlineLayer;
use tracing::Instrument;

use super::error::ApiError;

/// The largest body a request may have, in bytes.
pub const MAX_BODY: usize = 64 * 1024;
/// How long a body may take to arrive: 64 KiB in 10 s is what a poor mobile connection manages.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(10);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Wraps routes in what all of them need: errors in our format for what no route answers,
/// panics caught, bodies limited in size and time, requests named, logged and measured, and
/// mutations run to their end in `tasks` even when the client hangs up.
pub fn with_common_layers(routes: Router, tasks: TaskTracker) -> Router {
    let routes = routes
        .fallback(|| async { ApiError::not_found() })
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() });
    with_layers(routes, tasks)
}

/// The same for routes that have their own words for what is not there.
pub fn with_layers(routes: Router, tasks: TaskTracker) -> Router {
    routes
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(RequestBodyDeadlineLayer::new(BODY_TIMEOUT))
        .layer(middleware::from_fn_with_state(tasks, run_to_the_end))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| ApiError::internal().into_response()))
        .layer(middleware::from_fn(observe))
        .layer(middleware::from_fn(secure_headers))
}

/// A client that hangs up drops its request's future; a mutation must not be cut in half by that.
async fn run_to_the_end(State(tasks): State<TaskTracker>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let traceparent = crate::trace::current();
    let work = crate::trace::with(traceparent, next.run(request)).in_current_span();
    match tasks.spawn(work).await {
        Ok(response) => response,
        Err(panic) => {
            tracing::error!(%panic, "a handler panicked");
            ApiError::internal().into_response()
        }
    }
}

async fn observe(mut request: Request, next: Next) -> Response {
    let traceparent =
        text(&request, &TRACEPARENT).filter(|value| crate::trace::is_valid(value)).unwrap_or_else(crate::trace::start);
    let request_id =
        text(&request, &REQUEST_ID).filter(|id| is_plain(id)).unwrap_or_else(|| traceparent[3..35].to_owned());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", %method, route, request_id);
    if let Ok(value) = HeaderValue::try_from(&request_id) {
        request.headers_mut().insert(REQUEST_ID, value);
    }
    let started = Instant::now();
    let mut response = crate::trace::with(Some(traceparent), next.run(request)).instrument(span.clone()).await;
    let (status, seconds) = (response.status().as_u16(), started.elapsed().as_secs_f64());
    span.in_scope(|| tracing::debug!(status, seconds, "answered"));
    metrics::histogram!("http_request_seconds", "method" => method.to_string(), "route" => route, "status" => status.to_string()).record(seconds);
    if let Ok(value) = HeaderValue::try_from(request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

fn text(request: &Request, name: &HeaderName) -> Option<String> {
    request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn is_plain(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// Answers are data, not pages: nothing in them may be guessed to be one.
async fn secure_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    response
}
