use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
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

/// For anybody: `GET /healthz` (the process lives) and `/readyz` (it can work, or not).
pub fn probes(readiness: Readiness) -> Router {
    with_readyz(get(readyz), readiness)
}

/// For operators: the same, with the reason why the process cannot work, and `/metrics` (Prometheus).
pub fn operator_probes(readiness: Readiness) -> Router {
    with_readyz(get(explained_readyz), readiness).merge(
        Router::new()
            .route("/metrics", get(render_metrics))
            .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() }),
    )
}

fn with_readyz(readyz: MethodRouter<Readiness>, readiness: Readiness) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", readyz)
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .with_state(readiness)
}

/// The reason may name addresses of databases, which are nobody's business outside.
async fn readyz(State(readiness): State<Readiness>) -> Response {
    if readiness.is_ready() { "ready".into_response() } else { ApiError::unavailable().into_response() }
}

async fn explained_readyz(State(readiness): State<Readiness>) -> Response {
    match readiness.check() {
        Ok(()) => "ready".into_response(),
        Err(reason) => {
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", reason).retry_after(1).into_response()
        }
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

    async fn answer(routes: Router, method: &str, path: &str) -> (u16, String) {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
        let response = routes.oneshot(request).await.expect("answers");
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        (status, String::from_utf8(body.to_vec()).expect("text"))
    }

    #[tokio::test]
    async fn probes_refuse_in_the_error_format() {
        for (method, path, status) in [("POST", "/healthz", 405), ("DELETE", "/metrics", 405), ("GET", "/readyz", 503)]
        {
            let (answered, body) = answer(operator_probes(Readiness::default()), method, path).await;
            assert_eq!(answered, status, "{method} {path}");
            let body: ErrorBody = serde_json::from_str(&body).expect("the error format");
            assert_eq!(body.errors.len(), 1);
        }
    }

    #[tokio::test]
    async fn only_operators_learn_why_a_process_is_not_ready() {
        let readiness = Readiness::default();
        readiness.not_ready("mongodb-0.mongodb:27017 does not answer");
        let (status, explained) = answer(operator_probes(readiness.clone()), "GET", "/readyz").await;
        assert!(status == 503 && explained.contains("mongodb-0"), "{status} {explained}");
        let (status, bare) = answer(probes(readiness.clone()), "GET", "/readyz").await;
        assert!(status == 503 && !bare.contains("mongodb"), "{status} {bare}");
        readiness.ready();
        for routes in [probes(readiness.clone()), operator_probes(readiness)] {
            assert_eq!(answer(routes, "GET", "/readyz").await, (200, "ready".to_owned()));
        }
    }

    #[tokio::test]
    async fn metrics_are_for_operators() {
        assert_eq!(answer(probes(Readiness::default()), "GET", "/metrics").await.0, 404);
        assert_eq!(answer(operator_probes(Readiness::default()), "GET", "/metrics").await.0, 200);
    }
}
