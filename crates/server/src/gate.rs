//! Responses from the start of the process: to probes at once, to everything else when the services
//! are ready.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::{Method, header};
use runtime::http::{ApiError, SecurityHeaders};
use runtime::{Readiness, operator_probes, probes};
use tower::ServiceExt;

/// The routes of a process that is still starting.
///
/// It opens when routes are mounted and the process has become ready. Not before: until the revoked
/// sessions are loaded they would be accepted, and until the keys are, valid sessions would be refused.
#[derive(Clone)]
pub struct Gate {
    mounted: Arc<OnceLock<Mounted>>,
    is_open: Arc<AtomicBool>,
    readiness: Readiness,
    headers: SecurityHeaders,
}

/// What a process serves once it has started.
struct Mounted {
    visitors: Router,
    operators: Router,
}

impl Gate {
    /// The gate of a process that starts. Everything that it answers has `headers`.
    pub fn new(headers: SecurityHeaders) -> Self {
        Self { mounted: Arc::default(), is_open: Arc::default(), readiness: Readiness::default(), headers }
    }

    /// The readiness that the gate reports, and waits for.
    pub fn readiness(&self) -> Readiness {
        self.readiness.clone()
    }

    /// Passes requests of visitors to `visitors` as soon as the process is ready, and those of operators to
    /// `operators` at once.
    pub fn mount(&self, visitors: Router, operators: Router) {
        let operators = operators.fallback(|| async { ApiError::not_found() });
        // Called once, at the end of the start.
        let _ = self.mounted.set(Mounted { visitors, operators });
    }

    /// What to serve to visitors: what is mounted, and probes that give nothing away.
    pub fn visitor_routes(&self) -> Router {
        self.with_probes(probes(self.readiness())).fallback_service(any(pass).with_state(self.clone()))
    }

    /// What to serve to visitors whom only what is mounted concerns: a gateway passes all paths on to the pages.
    pub fn mounted_routes(&self) -> Router {
        Router::new().fallback_service(any(pass).with_state(self.clone()))
    }

    /// What to serve to operators: probes that give reasons, metrics, and what is mounted for them.
    pub fn operator_routes(&self) -> Router {
        let pass = any(pass_operators).with_state(self.clone());
        self.with_probes(operator_probes(self.readiness())).fallback_service(pass)
    }

    fn with_probes(&self, probes: Router) -> Router {
        probes.layer(from_fn_with_state(self.clone(), around_probes))
    }

    /// Once open it stays open: what is missing later is reported by the handlers that need it.
    fn is_open(&self) -> bool {
        if !self.is_open.load(Ordering::Relaxed) && self.readiness.is_ready() {
            self.is_open.store(true, Ordering::Relaxed);
        }
        self.is_open.load(Ordering::Relaxed)
    }
}

/// Services can be ready a moment before they are mounted.
async fn around_probes(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let mut response = match request.uri().path() {
        "/readyz" if gate.mounted.get().is_none() && gate.readiness.is_ready() => {
            ApiError::unavailable().into_response()
        }
        _ => next.run(request).await,
    };
    gate.headers.add_to(&mut response);
    response
}

/// The answer before that: a page to a browser that is to show one, and what every other client expects.
fn not_yet(request: &Request) -> Response {
    let accepted = request.headers().get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok());
    let is_api = request.uri().path().starts_with("/api/");
    match accepted {
        Some(accepted) if accepted.contains("text/html") && !is_api => {
            web::starting(matches!(*request.method(), Method::GET | Method::HEAD))
        }
        _ => ApiError::unavailable().into_response(),
    }
}

async fn pass(State(gate): State<Gate>, request: Request) -> Response {
    let mut response = match gate.mounted.get() {
        Some(mounted) if gate.is_open() => mounted.visitors.clone().oneshot(request).await.into_response(),
        _ => not_yet(&request),
    };
    gate.headers.add_to(&mut response);
    response
}

async fn pass_operators(State(gate): State<Gate>, request: Request) -> Response {
    let mut response = match gate.mounted.get() {
        Some(mounted) => mounted.operators.clone().oneshot(request).await.into_response(),
        None => ApiError::unavailable().into_response(),
    };
    gate.headers.add_to(&mut response);
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;

    use super::*;

    fn gate() -> Gate {
        Gate::new(SecurityHeaders::new(true))
    }

    async fn answer(routes: Router, path: &str) -> Response {
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        routes.oneshot(request).await.expect("answers")
    }

    async fn status(gate: &Gate, path: &str) -> u16 {
        answer(gate.visitor_routes(), path).await.status().as_u16()
    }

    fn mount(gate: &Gate) {
        let (things, letters) = (get(|| async {}), get(|| async {}));
        gate.mount(Router::new().route("/things", things), Router::new().route("/letters", letters));
    }

    #[tokio::test]
    async fn once_the_process_reports_ready_requests_are_passed_on() {
        let gate = gate();
        assert_eq!((status(&gate, "/healthz").await, status(&gate, "/readyz").await), (200, 503));
        gate.readiness().ready();
        assert_eq!((status(&gate, "/readyz").await, status(&gate, "/things").await), (503, 503));
        mount(&gate);
        assert_eq!((status(&gate, "/readyz").await, status(&gate, "/things").await), (200, 200));
        gate.readiness().not_ready("shutting down");
        assert_eq!((status(&gate, "/readyz").await, status(&gate, "/things").await), (503, 200));
    }

    #[tokio::test]
    async fn a_browser_is_shown_a_page_while_the_process_starts_and_other_clients_are_told_in_json() {
        let gate = gate();
        let browser = Some("text/html,application/xhtml+xml,*/*;q=0.8");
        for (path, accepted, kind) in [
            ("/things", browser, "text/html; charset=utf-8"),
            ("/", browser, "text/html; charset=utf-8"),
            ("/api/things", browser, "application/json"),
            ("/things", Some("*/*"), "application/json"),
            ("/things", None, "application/json"),
        ] {
            let mut request = Request::builder().uri(path).body(Body::empty()).expect("a request");
            if let Some(accepted) = accepted {
                request.headers_mut().insert("accept", accepted.parse().expect("a header"));
            }
            let response = gate.visitor_routes().oneshot(request).await.expect("answers");
            assert_eq!(
                (response.status().as_u16(), &response.headers()["content-type"]),
                (503, &kind.parse().expect("a kind"))
            );
            assert!(response.headers().contains_key("retry-after"), "{path}");
        }
    }

    #[tokio::test]
    async fn what_is_for_operators_is_not_for_visitors_and_the_other_way_round() {
        let gate = gate();
        mount(&gate);
        gate.readiness().ready();
        for (path, expected) in [("/letters", 200), ("/metrics", 200), ("/things", 404)] {
            assert_eq!(answer(gate.operator_routes(), path).await.status(), expected, "{path}");
        }
        for path in ["/letters", "/metrics"] {
            assert_eq!(status(&gate, path).await, 404, "{path}");
        }
        for path in ["/healthz", "/readyz"] {
            assert_eq!(answer(gate.mounted_routes(), path).await.status(), 404, "{path}");
        }
    }

    #[tokio::test]
    async fn every_answer_has_the_security_headers() {
        let gate = gate();
        for is_mounted in [false, true] {
            for (routes, paths) in [
                (gate.visitor_routes(), ["/healthz", "/readyz", "/things", "/nothing"]),
                (gate.operator_routes(), ["/readyz", "/metrics", "/letters", "/nothing"]),
            ] {
                for path in paths {
                    let headers = answer(routes.clone(), path).await.headers().clone();
                    assert_eq!(headers["x-content-type-options"], "nosniff", "{path}, {is_mounted}");
                    assert_eq!(headers["cache-control"], "no-store", "{path}, {is_mounted}");
                    assert_eq!(headers["strict-transport-security"], "max-age=63072000; includeSubDomains");
                }
            }
            mount(&gate);
            gate.readiness().ready();
        }
    }
}
