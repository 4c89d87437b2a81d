//! Responses from the start of the process: to probes at once, to everything else when the services
//! are ready.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use runtime::http::ApiError;
use runtime::{Readiness, probes};
use tower::ServiceExt;

/// The routes of a process that is still starting.
///
/// It opens when routes are mounted and the process has become ready. Not before: until the revoked
/// sessions are loaded they would be accepted, and until the keys are, valid sessions would be refused.
#[derive(Clone, Default)]
pub struct Gate {
    mounted: Arc<OnceLock<Router>>,
    is_open: Arc<AtomicBool>,
    readiness: Readiness,
}

impl Gate {
    /// The readiness that the gate reports, and waits for.
    pub fn readiness(&self) -> Readiness {
        self.readiness.clone()
    }

    /// Passes requests to `routes` as soon as the process is ready.
    pub fn mount(&self, routes: Router) {
        // Called once, at the end of the start.
        let _ = self.mounted.set(routes);
    }

    /// What to serve: the probes, and what is mounted.
    pub fn routes(&self) -> Router {
        let pass = axum::routing::any(pass).with_state(self.clone());
        let probes = probes(self.readiness()).layer(from_fn_with_state(self.clone(), not_ready_before_mount));
        probes.fallback_service(pass)
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
async fn not_ready_before_mount(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    match request.uri().path() {
        "/readyz" if gate.mounted.get().is_none() => ApiError::unavailable().into_response(),
        _ => next.run(request).await,
    }
}

async fn pass(State(gate): State<Gate>, request: Request) -> Response {
    match gate.mounted.get() {
        Some(routes) if gate.is_open() => routes.clone().oneshot(request).await.into_response(),
        _ => ApiError::unavailable().into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;

    use super::*;

    async fn status(gate: &Gate, path: &str) -> u16 {
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        gate.routes().oneshot(request).await.expect("answers").status().as_u16()
    }

    #[tokio::test]
    async fn once_the_process_reports_ready_requests_are_passed_on() {
        let gate = Gate::default();
        assert_eq!((status(&gate, "/healthz").await, status(&gate, "/readyz").await), (200, 503));
        gate.readiness().ready();
        assert_eq!((status(&gate, "/readyz").await, status(&gate, "/things").await), (503, 503));
        gate.mount(Router::new().route("/things", get(|| async {})));
        assert_eq!((status(&gate, "/readyz").await, status(&gate, "/things").await), (200, 200));
        gate.readiness().not_ready("shutting down");
        assert_eq!((status(&gate, "/readyz").await, status(&gate, "/things").await), (503, 200));
    }
}
