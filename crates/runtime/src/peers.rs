//! Requests of one service to another, which nobody outside can make: where a decision of the other must be
//! known before going on. Everything else goes by events.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, Uri, header};
use http_body_util::BodyExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tower::ServiceExt;

use crate::outbound::{CallFailed, HttpCalls};
use crate::peer_secret::PeerSecret;
use crate::trace::{self, TRACEPARENT};

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(3);

/// No answer came: whether the other service has acted is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("another service did not answer: {0}")]
pub struct NoAnswer(pub String);

/// The other services, as far as they are asked. Clones share them.
#[derive(Clone)]
pub struct Peers {
    calls: Arc<dyn HttpCalls>,
    orders: Uri,
    auth: Uri,
    secret: Option<PeerSecret>,
    here: InProcess,
}

/// Where auth is asked, if nobody says otherwise: in this process the name does not matter.
const AUTH: &str = "http://auth";

impl Peers {
    /// Services in this process, which answer once they are [served](Peers::serve).
    pub fn in_process() -> Self {
        let here = InProcess::default();
        let (orders, auth) = (Uri::from_static("http://orders"), Uri::from_static(AUTH));
        Self { calls: Arc::new(here.clone()), orders, auth, secret: None, here }
    }

    /// Services elsewhere: orders at this address.
    pub fn at(orders: Uri, calls: Arc<dyn HttpCalls>) -> Self {
        Self { calls, orders, auth: Uri::from_static(AUTH), secret: None, here: InProcess::default() }
    }

    /// The same, with auth at this address, where it is asked elsewhere.
    #[must_use]
    pub fn with_auth_at(self, auth: Uri) -> Self {
        Self { auth, ..self }
    }

    /// The same, with what proves to auth that it may be asked.
    #[must_use]
    pub fn with_secret(self, secret: PeerSecret) -> Self {
        Self { secret: Some(secret), ..self }
    }

    /// Lets these routes answer what services in this process ask each other, until it [ends](Peers::end).
    pub fn serve(&self, routes: Router) {
        self.here.0.store(Some(Arc::new(routes)));
    }

    /// Nobody in this process answers any more. A service that both asks and answers would be kept by its own
    /// question otherwise, and its database with it.
    pub fn end(&self) {
        self.here.0.store(None);
    }

    /// Asks the orders service.
    ///
    /// # Errors
    /// If no readable answer comes in time. The question can be asked again.
    pub async fn ask_orders<A: DeserializeOwned>(&self, path: &str, question: &impl Serialize) -> Result<A, NoAnswer> {
        self.ask(&self.orders, None, path, question).await
    }

    /// Asks the auth service, which answers only who knows the secret.
    ///
    /// # Errors
    /// If no readable answer comes in time, or the secret is another one. The question can be asked again.
    pub async fn ask_auth<A: DeserializeOwned>(&self, path: &str, question: &impl Serialize) -> Result<A, NoAnswer> {
        let credential = self.secret.as_ref().map(PeerSecret::credential);
        self.ask(&self.auth, credential, path, question).await
    }

    async fn ask<A: DeserializeOwned>(
        &self,
        service: &Uri,
        credential: Option<HeaderValue>,
        path: &str,
        question: &impl Serialize,
    ) -> Result<A, NoAnswer> {
        let url = format!("{}{path}", service.to_string().trim_end_matches('/'));
        let body = serde_json::to_vec(question).map_err(|error| NoAnswer(error.to_string()))?;
        let mut request = Request::post(url).header(header::CONTENT_TYPE, "application/json");
        if let Some(credential) = credential {
            request = request.header(header::AUTHORIZATION, credential);
        }
        if let Some(traceparent) = trace::current() {
            request = request.header(TRACEPARENT, traceparent);
        }
        let request = request.body(Bytes::from(body)).map_err(|error| NoAnswer(error.to_string()))?;
        let response = tokio::time::timeout(TIMEOUT, self.calls.call(request)).await;
        let response = response.map_err(|_| NoAnswer("it took too long".into()))?;
        let response = response.map_err(|failed| NoAnswer(failed.to_string()))?;
        if response.status() != StatusCode::OK {
            return Err(NoAnswer(response.status().to_string()));
        }
        serde_json::from_slice(response.body()).map_err(|error| NoAnswer(error.to_string()))
    }
}

/// Calls of services in the same process, while it runs.
#[derive(Clone, Default)]
struct InProcess(Arc<ArcSwapOption<Router>>);

#[async_trait]
impl HttpCalls for InProcess {
    async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed> {
        let routes = self.0.load_full().ok_or_else(|| CallFailed("it does not run".into()))?;
        let response =
            Router::clone(&routes).oneshot(request.map(Body::from)).await.unwrap_or_else(|never| match never {});
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| CallFailed(error.to_string()))?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use axum::Json;
    use axum::routing::post;
    use http::HeaderMap;

    use super::*;

    #[tokio::test]
    async fn a_service_in_the_same_process_answers_once_it_has_started_until_it_ends() {
        let peers = Peers::in_process();
        peers.ask_orders::<u32>("/internal/double", &21).await.expect_err("nobody answers yet");
        let double = post(|Json(number): Json<u32>| async move { Json(number * 2) });
        peers.serve(Router::new().route("/internal/double", double));
        assert_eq!(peers.ask_orders("/internal/double", &21).await, Ok(42));
        peers.ask_orders::<u32>("/internal/unknown", &21).await.expect_err("there is no such question");
        peers.ask_orders::<String>("/internal/double", &21).await.expect_err("that is no text");
        peers.end();
        peers.ask_orders::<u32>("/internal/double", &21).await.expect_err("nobody answers any more");
    }

    #[tokio::test]
    async fn auth_is_told_the_secret_and_orders_is_not() {
        let secret = PeerSecret::random();
        let peers = Peers::in_process().with_secret(secret.clone());
        let proved = post(move |headers: HeaderMap| async move { Json(secret.is_proved_by(&headers)) });
        peers.serve(Router::new().route("/internal/proved", proved));
        assert_eq!(peers.ask_auth::<bool>("/internal/proved", &()).await, Ok(true));
        assert_eq!(peers.ask_orders::<bool>("/internal/proved", &()).await, Ok(false));
    }
}
