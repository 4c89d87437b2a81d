//! Answers from the first moment on: probes at once, everything else when the services are ready.

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
/// It opens when there is something behind it and the process has become ready. Not before:
/// until the ended sessions are loaded they would be taken for live ones, and until the keys are,
/// live ones for none.
#[derive(Clone, Default)]
pub struct Gate {
    behind: Arc<OnceLock<Router>>,
    is_open: Arc<AtomicBool>,
    readiness: Readiness,
}

impl Gate {
    /// What the gate tells about the process, and waits for.
    pub fn readiness(&self) -> Readiness {
        self.readiness.clone()
    }

    /// Lets requests through to `routes` as soon as the process is ready.
    pub fn lead_to(&self, routes: Router) {
        // Called once, at the end of the start.
        let _ = self.behind.set(routes);
    }

    /// What to serve: the probes, and what is behind the gate.
    pub fn routes(&self) -> Router {
        let pass = axum::routing::any(pass).with_state(self.clone());
        let probes = probes(self.readiness()).layer(from_fn_with_state(self.clone(), not_ready_with_nothing_behind));
        probes.fallback_service(pass)
    }

    /// Once open it stays open: what is missing later is told by whoever misses it.
    fn is_open(&self) -> bool {
        if !self.is_open.load(Ordering::Relaxed) && self.readiness.is_ready() {
            self.is_open.store(true, Ordering::Relaxed);
        }
        self.is_open.load(Ordering::Relaxed)
    }
}

/// Services can be ready a moment before the gate leads to them.
async fn not_ready_with_nothing_behind(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    match request.uri().path() {
        "/readyz" if gate.behind.get().is_none() => ApiError::unavailable().into_response(),
        _ => next.run(request).await,
    }
}

async fn pass(State(gate): State<Gate>, request: Request) -> Response {
    match gate.behind.get() {
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
    async fn who_is_told_that_it_is_ready_is_let_through() {
        let gate = Gate::default();
        assert_eq!((status(&gate, "/healthz").await, status(&gate, "/readyz").await), (200, 503));
        gate.readiness().ready();
        assert_eq!((status(&gate, "/readyz").await, status(&gate, "/things").await), (503, 503));
        gate.lead_to(Router::new().route("/things", get(|| async {})));
        assert_eq!((status(&gate, "/readyz").await, status(&gate, "/things").await), (200, 200));
        gate.readiness().not_ready("shutting down");
        assert_eq!((status(&gate, "/readyz").await, status(&gate, "/things").await), (503, 200));
    }
}
