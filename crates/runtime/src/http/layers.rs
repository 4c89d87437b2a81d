use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use http::{HeaderName, HeaderValue, Method};
use tokio_util::task::TaskTracker;
use tower_http::timeout::DeadlineBody;
use tracing::Instrument;

use super::durations::Durations;
use super::error::ApiError;
use super::is_upload;
use super::unread::lend;
use crate::audit::{self, AuditedRequest};
use crate::trace::{self, KeyValue, Span, SpanKind, TRACEPARENT};

/// The largest body a request may have, in bytes.
pub const MAX_BODY: usize = 64 * 1024;
/// How long a body may take to arrive: 64 KiB in 10 s is what a poor mobile connection manages.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a file may take that somebody uploads: 10 MiB in 2 minutes, likewise.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(2 * 60);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Wraps the routes of `service` in what all of them need: panics caught, bodies limited in size and
/// time, requests named, logged, traced and measured, and mutations run to their end in `tasks` even
/// when the client hangs up.
///
/// All of it in one step: each layer of a router costs a request several pieces of memory.
pub fn with_layers(routes: Router, service: &'static str, tasks: TaskTracker) -> Router {
    let around = Around { service, tasks, durations: Durations::default() };
    routes.layer((middleware::from_fn_with_state(around, answer), DefaultBodyLimit::max(MAX_BODY)))
}

/// What surrounds the handlers of one service.
#[derive(Clone)]
struct Around {
    service: &'static str,
    tasks: TaskTracker,
    durations: Durations,
}

async fn answer(State(around): State<Around>, mut request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let told = text(&request, &TRACEPARENT).filter(|value| trace::is_valid(value));
    let mut span = Span::begin(around.service, SpanKind::Server, told, || about(&method, route));
    let traceparent = span.traceparent().unwrap_or_else(trace::start);
    let trace_id = trace::id(&traceparent).unwrap_or_default();
    let request_id = text(&request, &REQUEST_ID).filter(|id| is_plain(id)).unwrap_or(trace_id).to_owned();
    let log = tracing::warn_span!("request", %method, route, request_id, trace_id);
    let connected = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = connected.map(|ConnectInfo(peer)| peer.ip().to_string());
    let audited = AuditedRequest::new(around.service, request_id.clone(), peer);
    let request_id = HeaderValue::try_from(request_id).ok();
    if let Some(id) = &request_id {
        request.headers_mut().insert(REQUEST_ID, id.clone());
    }
    let (request, unread) = if is_upload(&method, request.uri()) {
        let (parts, body) = request.into_parts();
        let (body, unread) = lend(in_time(UPLOAD_TIMEOUT, body));
        (Request::from_parts(parts, body), Some(unread))
    } else {
        (request.map(|body| in_time(BODY_TIMEOUT, body)), None)
    };
    let started = Instant::now();
    let work = run(&around.tasks, &method, (traceparent, audited), request, next).instrument(log.clone());
    let mut response = work.await;
    if let Some(unread) = unread {
        unread.read_away().await;
    }
    let (status, took) = (response.status(), started.elapsed());
    span.set("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        span.fail(status.canonical_reason().unwrap_or_default());
    }
    log.in_scope(|| tracing::debug!(status = status.as_u16(), seconds = took.as_secs_f64(), "answered"));
    around.durations.record(&method, route, status, took);
    if let Some(id) = request_id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn in_time(patience: Duration, body: Body) -> Body {
    Body::new(DeadlineBody::new(patience, body))
}

/// A client that hangs up drops its request's future; a mutation must not be cut in half by that.
async fn run(
    tasks: &TaskTracker,
    method: &Method,
    (traceparent, audited): (String, AuditedRequest),
    request: Request,
    next: Next,
) -> Response {
    let work = audit::within(audited, AssertUnwindSafe(next.run(request)).catch_unwind());
    let work = trace::with(Some(traceparent), work);
    let done = if method.is_safe() { Ok(work.await) } else { tasks.spawn(work.in_current_span()).await };
    match done {
        Ok(Ok(response)) => response,
        Ok(Err(_)) | Err(_) => {
            tracing::error!("a handler panicked");
            ApiError::internal().into_response()
        }
    }
}

/// The route, not the path or the query: those may tell who somebody is, and what they look for.
fn about(method: &Method, route: &str) -> (String, Vec<KeyValue>) {
    let attributes = vec![
        KeyValue::new("http.request.method", method.as_str().to_owned()),
        KeyValue::new("http.route", route.to_owned()),
    ];
    (format!("{method} {route}"), attributes)
}

fn text<'a>(request: &'a Request, name: &HeaderName) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

fn is_plain(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}
