//! Answers from the first moment on: probes at once, everything else when the services are up.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use common::http::ApiError;
use common::runtime::{Readiness, probes};
use tower::ServiceExt;

/// The routes of a process that is still starting.
#[derive(Clone, Default)]
pub struct Gate {
    behind: Arc<OnceLock<Router>>,
}

impl Gate {
    /// Lets requests through to `routes`.
    pub fn open(&self, routes: Router) {
        // Opened once, at the end of the start.
        let _ = self.behind.set(routes);
    }

    /// What to serve: the probes, and what is behind the gate.
    pub fn routes(&self, readiness: Readiness) -> Router {
        let pass = axum::routing::any(pass).with_state(self.clone());
        probes(readiness).fallback_service(pass)
    }
}

async fn pass(State(gate): State<Gate>, request: Request) -> Response {
    match gate.behind.get() {
        Some(routes) => routes.clone().oneshot(request).await.into_response(),
        None => ApiError::unavailable().into_response(),
    }
}
