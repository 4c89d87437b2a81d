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
use crate::trace::{self, KeyValue, Span, SpanKind, TRACEPARENT};

/// The largest body a request may have, in bytes.
pub const MAX_BODY: usize = 64 * 1024;
/// How long a body may take to arrive: 64 KiB in 10 s is what a poor mobile connection manages.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(10);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Wraps the routes of `service` in what all of them need: panics caught, bodies limited in size and
/// time, requests named, logged, traced and measured, and mutations run to their end in `tasks` even
/// when the client hangs up.
pub fn with_layers(routes: Router, service: &'static str, tasks: TaskTracker) -> Router {
    routes
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(RequestBodyDeadlineLayer::new(BODY_TIMEOUT))
        .layer(middleware::from_fn_with_state(tasks, run_to_the_end))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| ApiError::internal().into_response()))
        .layer(middleware::from_fn_with_state(service, observe))
        .layer(middleware::from_fn(secure_headers))
}

/// A client that hangs up drops its request's future; a mutation must not be cut in half by that.
async fn run_to_the_end(State(tasks): State<TaskTracker>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let work = trace::with(trace::current(), next.run(request)).in_current_span();
    match tasks.spawn(work).await {
        Ok(response) => response,
        Err(panic) => {
            tracing::error!(%panic, "a handler panicked");
            ApiError::internal().into_response()
        }
    }
}

async fn observe(State(service): State<&'static str>, mut request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let told = text(&request, &TRACEPARENT).filter(|value| trace::is_valid(value));
    let mut span = Span::begin(service, SpanKind::Server, told.as_deref(), || about(&method, &route));
    let traceparent = span.traceparent().unwrap_or_else(trace::start);
    let trace_id = trace::id(&traceparent).unwrap_or_default();
    let request_id = text(&request, &REQUEST_ID).filter(|id| is_plain(id)).unwrap_or_else(|| trace_id.to_owned());
    let log = tracing::warn_span!("request", %method, route, request_id, trace_id);
    if let Ok(value) = HeaderValue::try_from(&request_id) {
        request.headers_mut().insert(REQUEST_ID, value);
    }
    let started = Instant::now();
    let mut response = trace::with(Some(traceparent), next.run(request)).instrument(log.clone()).await;
    let (status, seconds) = (response.status(), started.elapsed().as_secs_f64());
    span.set("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        span.fail(status.canonical_reason().unwrap_or_default());
    }
    log.in_scope(|| tracing::debug!(status = status.as_u16(), seconds, "answered"));
    metrics::histogram!("http_request_seconds", "method" => method.to_string(), "route" => route, "status" => status.as_str().to_owned()).record(seconds);
    if let Ok(value) = HeaderValue::try_from(request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The route, not the path or the query: those may tell who somebody is, and what they look for.
fn about(method: &Method, route: &str) -> (String, Vec<KeyValue>) {
    let attributes = vec![
        KeyValue::new("http.request.method", method.as_str().to_owned()),
        KeyValue::new("http.route", route.to_owned()),
    ];
    (format!("{method} {route}"), attributes)
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
