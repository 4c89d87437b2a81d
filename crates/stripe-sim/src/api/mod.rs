//! Runs each request that changes an intent once per idempotency key.

mod attempt;
mod create;
mod once;

pub(crate) use attempt::{Attempt, Reply, show_intent};
pub(crate) use create::CreateIntent;
use once::answered_elsewhere;

use std::sync::Arc;

use common::id::IdGenerator;
use common::outcome::Outcome;
use http::HeaderMap;
use ports::clock::Clock;
use runtime::store::{Silent, Store};
use serde_json::Value;
use tokio::sync::Notify;

use crate::auth::authorize;
use crate::domain::{CardToken, Intent, JsonResponse, Refusal, StoredKey};
use crate::faults::{Call, Faults, Moment};
use crate::idempotency::KeysInUse;
use crate::simulator::SimulatorSettings;

/// State shared by the routes.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) intents: Store<Intent>,
    pub(crate) keys: Store<StoredKey>,
    pub(crate) tokens: Store<CardToken>,
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
    pub(crate) settings: Arc<SimulatorSettings>,
    pub(crate) faults: Faults,
    pub(crate) keys_in_use: KeysInUse,
    /// Wakes the webhook courier.
    pub(crate) wake: Arc<Notify>,
}

impl Api {
    pub(crate) fn authorize(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        authorize(headers, &self.settings.secret_key, self.faults.key())
    }

    /// Seconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.clock.now().as_secs()
    }

    /// Changes the intent `id` with `act`, which returns the object to show, or a refusal.
    pub(crate) async fn change(
        &self,
        call: Call,
        attempt: Attempt,
        id: &str,
        mut act: impl FnMut(&mut Intent, &Attempt) -> Result<Value, Refusal>,
    ) -> Result<Reply, Refusal> {
        let _in_use = self.enter(&attempt)?;
        let known = self.remembered(&attempt, id.to_owned()).await?;
        if let Some(reply) = self.replay(&attempt, &known).await? {
            return Ok(reply);
        }
        let breakdown = self.faults.take_breakdown(call);
        let decide = |intent: &mut Intent, _| {
            // Another instance on the same store may have acted on the same request since.
            if attempt.key.as_deref().is_some_and(|key| intent.response_to(key).is_some()) {
                return Ok(Outcome::Unchanged);
            }
            let response = match breakdown {
                Some(Moment::Before) => Refusal::broken_down().response(),
                Some(Moment::After) => {
                    act(intent, &attempt).map_or_else(|refusal| refusal, |_| Refusal::broken_down()).response()
                }
                None => match act(intent, &attempt) {
                    Ok(object) => JsonResponse::ok(&object),
                    Err(refusal) => refusal.response_about(intent),
                },
            };
            intent.remember(attempt.key.as_deref(), &response);
            self.keep_webhooks_only_if_wanted(intent);
            Ok::<_, Refusal>(Outcome::Changed(Silent(response)))
        };
        let updated = self.intents.update(&known.intent, decide).await?;
        let updated = updated.ok_or_else(|| Refusal::no_such("payment_intent", &known.intent))?;
        self.wake.notify_one();
        match updated.outcome {
            Outcome::Changed(Silent(response)) => Ok(Reply::first(response)),
            Outcome::Unchanged => answered_elsewhere(&attempt, &updated.aggregate.value),
        }
    }

    pub(crate) fn keep_webhooks_only_if_wanted(&self, intent: &mut Intent) {
        if self.settings.webhooks.is_none() {
            intent.forget_webhooks();
        }
    }
}
