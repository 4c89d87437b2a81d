use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use http::{Request, StatusCode, header};
use runtime::outbound::{CallFailed, HttpCalls};

/// The receiver's time limit.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The webhook endpoint.
#[derive(Clone)]
pub struct WebhookTarget {
    /// Its URL.
    pub url: String,
    /// How it is reached.
    pub http: Arc<dyn HttpCalls>,
}

/// Why a webhook was not delivered.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotDelivered {
    #[error(transparent)]
    Call(#[from] CallFailed),
    #[error(transparent)]
    Request(#[from] http::Error),
    #[error("no response in time")]
    Timeout,
}

impl WebhookTarget {
    /// Sends a webhook and returns the status of the response.
    pub(super) async fn send(&self, payload: String, signature: &str) -> Result<StatusCode, NotDelivered> {
        let request = Request::post(&self.url)
            .header(header::CONTENT_TYPE, "application/json")
            .header("Stripe-Signature", signature)
            .body(Bytes::from(payload))?;
        let response = tokio::time::timeout(TIMEOUT, self.http.call(request)).await;
        Ok(response.map_err(|_| NotDelivered::Timeout)??.status())
    }
}
