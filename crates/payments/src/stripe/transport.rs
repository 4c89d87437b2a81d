use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use stripe_client_core::{CustomizedStripeRequest, RequestBuilder, RequestStrategy, StripeClient, StripeMethod};
use tower::ServiceExt;

use super::failure::Failure;
use super::objects::ErrorBody;
use crate::settings::Settings;

/// Where Stripe is.
const API_BASE: &str = "https://api.stripe.com";
/// The version of Stripe's API that our objects are read by. Without it the account's own would count,
/// which anybody can change in the dashboard.
const API_VERSION: &str = "2026-09-30.endive";
/// Who calls.
const USER_AGENT: &str = concat!("ticketing-payments/", env!("CARGO_PKG_VERSION"));
/// Stripe's answers are a few KiB; whatever is larger is not kept in memory.
const LARGEST_ANSWER: usize = 1 << 20;

/// How calls reach Stripe. Cheap to clone.
#[derive(Clone)]
pub(super) struct Transport {
    base: Arc<str>,
    authorization: HeaderValue,
    timeout: Duration,
    way: Way,
}

#[derive(Clone)]
enum Way {
    /// Over the network.
    Network(reqwest::Client),
    /// Straight to a Stripe that is in this process.
    InProcess(Router),
}

impl Transport {
    pub(super) fn new(settings: &Settings) -> Self {
        let key = format!("Bearer {}", settings.stripe_secret_key.expose());
        let mut authorization: HeaderValue = key.parse().expect("the key was checked when it was parsed");
        authorization.set_sensitive(true);
        let base = settings.stripe_api_base.as_ref().map_or(API_BASE, |base| base.as_str().trim_end_matches('/'));
        let way = settings.stripe_in_process.clone().map_or_else(|| Way::Network(network()), Way::InProcess);
        Self { base: base.into(), authorization, timeout: settings.call_timeout, way }
    }

    fn request(&self, request: RequestBuilder, strategy: Option<RequestStrategy>) -> http::Result<Request<String>> {
        let query = request.query.map_or_else(String::new, |query| format!("?{query}"));
        let mut builder = Request::builder()
            .method(method(request.method))
            .uri(format!("{}/v1{}{query}", self.base, request.path))
            .header(header::AUTHORIZATION, self.authorization.clone())
            .header(header::USER_AGENT, USER_AGENT)
            .header("stripe-version", API_VERSION);
        if let Some(key) = strategy.and_then(|strategy| strategy.get_key()) {
            builder = builder.header("idempotency-key", key.as_str());
        }
        if request.body.is_some() {
            builder = builder.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        builder.body(request.body.unwrap_or_default())
    }

    async fn send(&self, request: Request<String>) -> Result<(StatusCode, Bytes), Failure> {
        match &self.way {
            Way::Network(client) => read(client.execute(request.try_into()?).await?.into()).await,
            Way::InProcess(stripe) => {
                let answered = stripe.clone().oneshot(request.map(Body::from)).await;
                read(answered.unwrap_or_else(|never| match never {})).await
            }
        }
    }
}

impl StripeClient for Transport {
    type Err = Failure;

    /// Sends it once: who wants it sent again has the key that makes that harmless.
    async fn execute(&self, request: CustomizedStripeRequest) -> Result<Bytes, Failure> {
        let (request, options) = request.into_pieces();
        let request = self.request(request, options.request_strategy)?;
        let answer = tokio::time::timeout(self.timeout, self.send(request)).await;
        let (status, body) = answer.unwrap_or(Err(Failure::Timeout))?;
        if status.is_success() {
            return Ok(body);
        }
        let error = std::str::from_utf8(&body).ok().and_then(|text| miniserde::json::from_str(text).ok());
        let status = status.as_u16();
        Err(match error {
            Some(ErrorBody { error }) => Failure::Stripe { status, error },
            None => Failure::Unreadable(format!("status {status}, and no error of Stripe's")),
        })
    }
}

/// The client sends nothing a second time or elsewhere by itself, and keeps no connection: one that
/// died unnoticed would make the next call's outcome unknown.
fn network() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .pool_max_idle_per_host(0)
        .build()
        .expect("TLS can be set up")
}

async fn read<B>(response: Response<B>) -> Result<(StatusCode, Bytes), Failure>
where
    B: HttpBody<Data = Bytes, Error: Error + Send + Sync + 'static>,
{
    let status = response.status();
    match Limited::new(response.into_body(), LARGEST_ANSWER).collect().await {
        Ok(body) => Ok((status, body.to_bytes())),
        Err(error) => Err(Failure::broken(error.as_ref())),
    }
}

fn method(method: StripeMethod) -> Method {
    match method {
        StripeMethod::Get => Method::GET,
        StripeMethod::Post => Method::POST,
        StripeMethod::Delete => Method::DELETE,
    }
}

#[cfg(test)]
#[path = "transport_tests.rs"]
mod tests;
