//! Delivers webhooks: signed, in the background, again and again until they are taken.
//! <https://docs.stripe.com/webhooks>

use std::collections::HashMap;
use std::time::Duration;

use common::store::{Change, StoreError};
use futures::{StreamExt, stream};
use http::header;
use stripe_webhook::Webhook;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::api::Api;
use crate::domain::{Intent, WebhookEvent};
use crate::simulator::undelivered;

/// How long the receiver may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How often what failed is looked at again.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// The pause after a first failure; doubled each time, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How many intents' webhooks are on their way at once.
const PARALLEL: usize = 16;

/// When a webhook that failed is tried again, and how long it was put off.
type Retries = HashMap<String, (Instant, Duration)>;

/// Delivers until `shutdown`.
pub(crate) async fn deliver(api: Api, shutdown: CancellationToken) {
    let Some(url) = api.settings.webhook_url.clone() else { return };
    let courier = Courier { api, url, http: reqwest::Client::new() };
    let mut retries = Retries::new();
    while !shutdown.is_cancelled() {
        if let Err(error) = courier.round(&mut retries).await {
            tracing::warn!(%error, "the simulator cannot read its webhooks");
        }
        tokio::select! {
            () = courier.api.wake.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = shutdown.cancelled() => {}
        }
    }
}

struct Courier {
    api: Api,
    url: String,
    http: reqwest::Client,
}

impl Courier {
    async fn round(&self, retries: &mut Retries) -> Result<(), StoreError> {
        if self.api.faults.webhooks().held {
            return Ok(());
        }
        let waiting = self.api.intents.find(&undelivered()).await?;
        let now = Instant::now();
        let due = waiting.into_iter().map(|mut intent: Intent| {
            intent.undelivered.retain(|event| retries.get(&event.id).is_none_or(|(again, _)| *again <= now));
            intent
        });
        let failed: Vec<String> =
            stream::iter(due).map(|intent| self.deliver_all(intent)).buffer_unordered(PARALLEL).concat().await;
        for event in failed {
            let pause = retries.get(&event).map_or(FIRST_PAUSE, |(_, pause)| (*pause * 2).min(LONGEST_PAUSE));
            retries.insert(event, (Instant::now() + pause, pause));
        }
        Ok(())
    }

    /// Delivers an intent's webhooks. Returns those that did not arrive.
    async fn deliver_all(&self, intent: Intent) -> Vec<String> {
        let faults = self.api.faults.webhooks();
        let mut events = intent.undelivered;
        if faults.reversed {
            events.reverse();
        }
        let mut failed = Vec::new();
        for event in events {
            let mut arrived = self.send(&event).await;
            if faults.duplicated {
                arrived &= self.send(&event).await;
            }
            if !arrived || self.forget(&intent.id, &event.id).await.is_err() {
                failed.push(event.id);
            }
        }
        failed
    }

    async fn send(&self, event: &WebhookEvent) -> bool {
        let settings = &self.api.settings;
        let signature = Webhook::generate_test_header(&event.payload, &settings.webhook_secret, Some(self.api.now()));
        let request = self
            .http
            .post(&self.url)
            .timeout(TIMEOUT)
            .header(header::CONTENT_TYPE, "application/json")
            .header("Stripe-Signature", signature)
            .body(event.payload.clone());
        match request.send().await {
            Ok(answer) if answer.status().is_success() => true,
            Ok(answer) => {
                tracing::debug!(event = event.id, status = answer.status().as_u16(), "webhook refused");
                false
            }
            Err(error) => {
                tracing::debug!(event = event.id, %error, "webhook not delivered");
                false
            }
        }
    }

    async fn forget(&self, intent: &str, event: &str) -> Result<(), StoreError> {
        let forget = |intent: &mut Intent| {
            intent.delivered(event);
            Ok::<_, StoreError>(Change::Commit(Vec::new()))
        };
        self.api.intents.update(intent, forget).await.map(drop)
    }
}
