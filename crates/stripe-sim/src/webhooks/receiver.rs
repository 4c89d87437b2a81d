use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{Request, StatusCode, header};
use tower::ServiceExt;

use crate::simulator::SimulatorSettings;

/// How long the receiver may take.
const TIMEOUT: Duration = Duration::from_secs(10);
const SIGNATURE: &str = "Stripe-Signature";
const JSON: &str = "application/json";

/// Whoever takes the webhooks.
pub(super) enum Receiver {
    /// Somebody in this process.
    Routes(Router),
    /// Somebody on the network.
    Url { url: String, http: reqwest::Client },
}

/// Why a webhook did not arrive.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotTaken {
    #[error(transparent)]
    Network(#[from] reqwest::Error),
    #[error(transparent)]
    Request(#[from] http::Error),
    #[error("no answer in time")]
    Timeout,
}

impl Receiver {
    /// The one that the settings name, if any.
    pub(super) fn of(settings: &SimulatorSettings) -> Option<Self> {
        if let Some(routes) = settings.webhook_routes.clone() {
            return Some(Self::Routes(routes));
        }
        settings.webhook_url.clone().map(|url| Self::Url { url, http: reqwest::Client::new() })
    }

    /// Hands over a webhook, and returns what was answered.
    pub(super) async fn take(&self, payload: String, signature: &str) -> Result<StatusCode, NotTaken> {
        match self {
            Self::Routes(routes) => {
                let request = Request::post(SimulatorSettings::WEBHOOK_PATH)
                    .header(header::CONTENT_TYPE, JSON)
                    .header(SIGNATURE, signature)
                    .body(Body::from(payload))?;
                let answer = tokio::time::timeout(TIMEOUT, routes.clone().oneshot(request)).await;
                Ok(answer.map_err(|_| NotTaken::Timeout)?.unwrap_or_else(|never| match never {}).status())
            }
            Self::Url { url, http } => {
                let request = http.post(url).timeout(TIMEOUT).header(header::CONTENT_TYPE, JSON);
                Ok(request.header(SIGNATURE, signature).body(payload).send().await?.status())
            }
        }
    }
}
