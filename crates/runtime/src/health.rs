use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use http::{StatusCode, header};
use tokio::sync::watch;

use super::metrics::metrics_recorder;
use crate::http::ApiError;

/// Whether the process can do its work. Clones share the state.
#[derive(Clone)]
pub struct Readiness {
    state: watch::Sender<Result<(), String>>,
}

impl Default for Readiness {
    fn default() -> Self {
        Self { state: watch::Sender::new(Err("starting".into())) }
    }
}

impl Readiness {
    /// Sets it to ready: everything the process needs is available.
    pub fn ready(&self) {
        let _ = self.state.send_replace(Ok(()));
        metrics::gauge!("service_ready").set(1.0);
    }

    /// Sets it to not ready, for this reason.
    pub fn not_ready(&self, reason: impl Into<String>) {
        let _ = self.state.send_replace(Err(reason.into()));
        metrics::gauge!("service_ready").set(0.0);
    }

    /// Returns when the process is ready.
    pub async fn wait(&self) {
        // The sender lives as long as this value, so waiting cannot fail.
        let _ = self.state.subscribe().wait_for(Result::is_ok).await;
    }

    /// Whether everything the process needs is available.
    pub fn is_ready(&self) -> bool {
        self.state.borrow().is_ok()
    }

    fn check(&self) -> Result<(), String> {
        self.state.borrow().clone()
    }
}

/// `GET /healthz` (the process lives), `/readyz` (it can work), `/metrics` (Prometheus).
pub fn probes(readiness: Readiness) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(render_metrics))
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .with_state(readiness)
}

async fn readyz(State(readiness): State<Readiness>) -> axum::response::Response {
    match readiness.check() {
        Ok(()) => "ready".into_response(),
        Err(reason) => ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", reason).into_response(),
    }
}

async fn render_metrics() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics_recorder().render())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::Request;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;
    use common::errors::ErrorBody;

    #[tokio::test]
    async fn probes_refuse_in_the_error_format() {
        for (method, path, status) in [("POST", "/healthz", 405), ("DELETE", "/metrics", 405), ("GET", "/readyz", 503)]
        {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
            let response = probes(Readiness::default()).oneshot(request).await.expect("answers");
            assert_eq!(response.status(), status, "{method} {path}");
            let body = response.into_body().collect().await.expect("a body").to_bytes();
            let body: ErrorBody = serde_json::from_slice(&body).expect("the error format");
            assert_eq!(body.errors.len(), 1);
        }
    }
}
