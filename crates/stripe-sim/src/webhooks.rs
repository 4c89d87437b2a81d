//! Delivers webhooks: signed, in the background, retried until they are accepted.
//! <https://docs.stripe.com/webhooks>

mod target;

pub use target::WebhookTarget;

use std::collections::HashMap;
use std::time::Duration;

use common::outcome::Outcome;
use futures::{StreamExt, stream};
use ports::store::StoreError;
use runtime::store::UpdateContext;
use stripe_webhook::Webhook;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::api::Api;
use crate::domain::{Intent, WebhookEvent};
use crate::store::unfinished;

/// How often failed webhooks are checked for a retry.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// The polling interval when nothing is pending: a new webhook wakes the courier.
const LOOK_SELDOM: Duration = Duration::from_secs(1);
/// The pause after a first failure; doubled each time, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How many intents' webhooks are delivered concurrently.
const PARALLEL: usize = 16;

/// When a failed webhook is retried, and the length of its last pause.
type Retries = HashMap<String, (Instant, Duration)>;

/// Delivers until `shutdown`.
pub(crate) async fn deliver(api: Api, shutdown: CancellationToken) {
    let Some(target) = api.settings.webhooks.clone() else { return };
    let courier = Courier { api, target };
    let mut retries = Retries::new();
    while !shutdown.is_cancelled() {
        let pause = match courier.round(&mut retries).await {
            Ok(Round::NothingWaits) => LOOK_SELDOM,
            Ok(Round::SomeMayWait) => LOOK_EVERY,
            Err(error) => {
                tracing::warn!(%error, "the simulator cannot read its webhooks");
                LOOK_EVERY
            }
        };
        tokio::select! {
            () = courier.api.wake.notified() => {}
            () = tokio::time::sleep(pause) => {}
            () = shutdown.cancelled() => {}
        }
    }
}

struct Courier {
    api: Api,
    target: WebhookTarget,
}

/// The result of one pass over the pending webhooks.
enum Round {
    NothingWaits,
    SomeMayWait,
}

impl Courier {
    async fn round(&self, retries: &mut Retries) -> Result<Round, StoreError> {
        let waiting = self.api.intents.find(&unfinished()).await?;
        if waiting.is_empty() {
            return Ok(Round::NothingWaits);
        }
        for intent in waiting.iter().filter(|intent| intent.has_due(self.api.now())) {
            self.settle_due(&intent.id).await?;
        }
        if self.api.faults.webhooks().held {
            return Ok(Round::SomeMayWait);
        }
        let now = Instant::now();
        let due = waiting.into_iter().map(|intent| {
            let mut intent = intent.value;
            intent.undelivered.retain(|event| retries.get(&event.id).is_none_or(|(again, _)| *again <= now));
            intent
        });
        let failed: Vec<String> =
            stream::iter(due).map(|intent| self.deliver_all(intent)).buffer_unordered(PARALLEL).concat().await;
        for event in failed {
            let pause = retries.get(&event).map_or(FIRST_PAUSE, |(_, pause)| (*pause * 2).min(LONGEST_PAUSE));
            retries.insert(event, (Instant::now() + pause, pause));
        }
        Ok(Round::SomeMayWait)
    }

    /// Settles the refunds of an intent whose time has come. Their webhooks go with the next round.
    async fn settle_due(&self, intent: &str) -> Result<(), StoreError> {
        let settle = |intent: &mut Intent, cx: UpdateContext| {
            intent.settle_due(cx.now.as_secs());
            Ok::<_, StoreError>(Outcome::Changed(()))
        };
        self.api.intents.update(intent, settle).await.map(drop)
    }

    /// Delivers an intent's webhooks. Returns those that failed.
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
        let secret = &self.api.settings.webhook_secret;
        let signature = Webhook::generate_test_header(&event.payload, secret, Some(self.api.now()));
        match self.target.send(event.payload.clone(), &signature).await {
            Ok(status) if status.is_success() => true,
            Ok(status) => {
                tracing::debug!(event = event.id, status = status.as_u16(), "webhook refused");
                false
            }
            Err(error) => {
                tracing::debug!(event = event.id, %error, "webhook not delivered");
                false
            }
        }
    }

    async fn forget(&self, intent: &str, event: &str) -> Result<(), StoreError> {
        let forget = |intent: &mut Intent, _| {
            intent.delivered(event);
            Ok::<_, StoreError>(Outcome::Changed(()))
        };
        self.api.intents.update(intent, forget).await.map(drop)
    }
}
