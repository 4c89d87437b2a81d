use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use http::{HeaderValue, Method, Request, header};
use runtime::outbound::HttpCalls;
use stripe_client_core::{CustomizedStripeRequest, RequestBuilder, RequestStrategy, StripeClient, StripeMethod};

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

/// How calls reach Stripe. Cheap to clone.
#[derive(Clone)]
pub(super) struct Transport {
    http: Arc<dyn HttpCalls>,
    base: Arc<str>,
    authorization: HeaderValue,
    timeout: Duration,
}

impl Transport {
    pub(super) fn new(settings: &Settings, http: Arc<dyn HttpCalls>) -> Self {
        let key = format!("Bearer {}", settings.stripe_secret_key.expose());
        let mut authorization: HeaderValue = key.parse().expect("the key was checked when it was parsed");
        authorization.set_sensitive(true);
        let base = settings.stripe_api_base.as_ref().map_or(API_BASE, |base| base.as_str().trim_end_matches('/'));
        Self { http, base: base.into(), authorization, timeout: settings.call_timeout }
    }

    fn request(&self, request: RequestBuilder, strategy: Option<RequestStrategy>) -> http::Result<Request<Bytes>> {
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
        } else if matches!(request.method, StripeMethod::Post) {
            // Some proxies wait for a body, or refuse the request, where nothing says that there is none.
            builder = builder.header(header::CONTENT_LENGTH, 0);
        }
        builder.body(request.body.unwrap_or_default().into())
    }
}

impl StripeClient for Transport {
    type Err = Failure;

    /// Sends it once. The caller may send it again: its idempotency key makes that harmless.
    async fn execute(&self, request: CustomizedStripeRequest) -> Result<Bytes, Failure> {
        let (request, options) = request.into_pieces();
        let request = self.request(request, options.request_strategy)?;
        let called = tokio::time::timeout(self.timeout, self.http.call(request)).await;
        let (head, body) = called.map_err(|_| Failure::Timeout)??.into_parts();
        if head.status.is_success() {
            return Ok(body);
        }
        let error = std::str::from_utf8(&body).ok().and_then(|text| miniserde::json::from_str(text).ok());
        let status = head.status.as_u16();
        Err(match error {
            Some(ErrorBody { error }) => {
                let is_replay = head.headers.get("idempotent-replayed").is_some_and(|value| value == "true");
                Failure::Stripe { status, error, is_replay }
            }
            None => Failure::Unreadable(format!("status {status}, and no error of Stripe's")),
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

#[cfg(test)]
mod tests;
