use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use http::{HeaderValue, Method, Request, header};
use http_body_util::BodyExt;
use stripe::{ApiErrors, CustomizedStripeRequest, StripeError};
use stripe_client_core::{RequestBuilder, RequestStrategy, StripeClient, StripeMethod};
use tower::ServiceExt;

/// How calls reach Stripe.
#[derive(Clone)]
pub(super) enum Transport {
    /// Over the network.
    Network(Arc<stripe::Client>),
    /// Straight to a Stripe that is in this process.
    InProcess(InProcess),
}

/// A Stripe in this process. What it does not answer in time, or breaks off, ends as over the network.
#[derive(Clone)]
pub(super) struct InProcess {
    pub(super) routes: Router,
    pub(super) authorization: HeaderValue,
    pub(super) timeout: Duration,
}

/// What Stripe answers to what it does not do.
#[derive(miniserde::Deserialize)]
struct ErrorBody {
    error: Box<ApiErrors>,
}

impl StripeClient for Transport {
    type Err = StripeError;

    async fn execute(&self, request: CustomizedStripeRequest) -> Result<Bytes, StripeError> {
        match self {
            Self::Network(client) => client.execute(request).await,
            Self::InProcess(stripe) => stripe.execute(request).await,
        }
    }
}

impl InProcess {
    async fn execute(&self, request: CustomizedStripeRequest) -> Result<Bytes, StripeError> {
        let (request, options) = request.into_pieces();
        let request = self.request(request, options.request_strategy)?;
        tokio::time::timeout(self.timeout, self.send(request)).await.unwrap_or(Err(StripeError::Timeout))
    }

    fn request(
        &self,
        request: RequestBuilder,
        strategy: Option<RequestStrategy>,
    ) -> Result<Request<Body>, StripeError> {
        let query = request.query.map_or_else(String::new, |query| format!("?{query}"));
        let mut builder = Request::builder()
            .method(method(request.method))
            .uri(format!("/v1{}{query}", request.path))
            .header(header::AUTHORIZATION, self.authorization.clone());
        if let Some(key) = strategy.and_then(|strategy| strategy.get_key()) {
            builder = builder.header("idempotency-key", key.as_str());
        }
        if request.body.is_some() {
            builder = builder.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        Ok(builder.body(request.body.map_or_else(Body::empty, Body::from))?)
    }

    async fn send(&self, request: Request<Body>) -> Result<Bytes, StripeError> {
        let response = self.routes.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let status = response.status();
        let body = response.into_body().collect().await;
        let body = body.map_err(|error| StripeError::ClientError(error.to_string()))?.to_bytes();
        if status.is_success() {
            return Ok(body);
        }
        let text = String::from_utf8_lossy(&body);
        Err(match miniserde::json::from_str(&text) {
            Ok(ErrorBody { error }) => StripeError::Stripe(error, status.as_u16()),
            Err(_) => StripeError::JSONDeserialize("an error that is none of Stripe's".into()),
        })
    }
}

fn method(method: StripeMethod) -> Method {
    match method {
        StripeMethod::Get => Method::GET,
        StripeMethod::Post => Method::POST,
        StripeMethod::Delete => Method::DELETE,
    }
}
