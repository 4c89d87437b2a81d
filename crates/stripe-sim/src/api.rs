//! Runs each request that changes an intent once per idempotency key.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use common::id::{IdGenerator, Payment};
use common::outcome::Outcome;
use http::{HeaderMap, HeaderName, HeaderValue};
use ports::clock::Clock;
use ports::store::{Conflict, StoreError};
use runtime::store::{Silent, Store};
use tokio::sync::Notify;

use crate::auth::authorize;
use crate::domain::{Card, CardToken, Intent, JsonResponse, NewIntent, Refusal, StoredKey, UsedBefore, render_intent};
use crate::faults::Faults;
use crate::form::Form;
use crate::idempotency::{KeyInUse, KeysInUse, fingerprint, record_id};
use crate::simulator::SimulatorSettings;

const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

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

/// A request that may be a retry.
pub(crate) struct Attempt {
    key: Option<String>,
    fingerprint: String,
}

/// A response, and whether it replays that of an earlier request.
pub(crate) struct Reply {
    response: JsonResponse,
    is_replay: bool,
}

impl Attempt {
    pub(crate) fn new(headers: &HeaderMap, path: &str, form: &Form) -> Self {
        let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self { key, fingerprint: fingerprint(path, form) }
    }
}

impl Api {
    pub(crate) fn authorize(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        authorize(headers, &self.settings.secret_key)
    }

    /// Seconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.clock.now().as_secs()
    }

    /// Creates a confirmed intent paid with `token`.
    pub(crate) async fn create(&self, attempt: Attempt, token: &str, new: NewIntent) -> Result<Reply, Refusal> {
        let _in_use = self.enter(&attempt)?;
        let fresh = format!("pi_{}", self.ids.next::<Payment>(self.clock.now()));
        let id = self.intent_of(&attempt, fresh).await?;
        if let Some(reply) = self.replay(&attempt, &id).await? {
            return Ok(reply);
        }
        let card = self.take_card(token, &id).await?;
        let mut intent = Intent::confirm(id, new, card, self.now());
        let response = match intent.decline {
            None => JsonResponse::ok(&render_intent(&intent)),
            Some(decline) => Refusal::declined(decline).response_about(&intent),
        };
        intent.remember(attempt.key.as_deref(), &response);
        self.keep_webhooks_only_if_wanted(&mut intent);
        self.intents.insert(intent, &()).await?;
        self.wake.notify_one();
        Ok(Reply { response, is_replay: false })
    }

    /// Changes the intent `id` with `act`, which returns the object to show, or a refusal.
    pub(crate) async fn change(
        &self,
        attempt: Attempt,
        id: &str,
        mut act: impl FnMut(&mut Intent) -> Result<serde_json::Value, Refusal>,
    ) -> Result<Reply, Refusal> {
        let _in_use = self.enter(&attempt)?;
        let id = self.intent_of(&attempt, id.to_owned()).await?;
        if let Some(reply) = self.replay(&attempt, &id).await? {
            return Ok(reply);
        }
        let decide = |intent: &mut Intent, _| {
            let response = match act(intent) {
                Ok(object) => JsonResponse::ok(&object),
                Err(refusal) => refusal.response_about(intent),
            };
            intent.remember(attempt.key.as_deref(), &response);
            self.keep_webhooks_only_if_wanted(intent);
            Ok::<_, Refusal>(Outcome::Changed(Silent(response)))
        };
        let changed = self.intents.update(&id, decide).await?;
        self.wake.notify_one();
        match changed.and_then(|changed| changed.outcome.changed()) {
            Some(Silent(response)) => Ok(Reply { response, is_replay: false }),
            None => Err(Refusal::no_such("payment_intent", &id)),
        }
    }

    fn enter(&self, attempt: &Attempt) -> Result<Option<KeyInUse>, Refusal> {
        attempt.key.as_deref().map(|key| self.keys_in_use.enter(key)).transpose()
    }

    /// The intent this key acts on: the one recorded when the key was first used, otherwise `wanted`.
    async fn intent_of(&self, attempt: &Attempt, wanted: String) -> Result<String, Refusal> {
        let Some(key) = &attempt.key else { return Ok(wanted) };
        let id = record_id(key);
        let key = StoredKey { id: id.clone(), fingerprint: attempt.fingerprint.clone(), intent: wanted };
        match self.keys.insert(key, &()).await {
            Ok(inserted) => return Ok(inserted.value.intent),
            Err(StoreError::Conflict(Conflict::Exists)) => {}
            Err(error) => return Err(error.into()),
        }
        let known = self.keys.get(&id).await?.ok_or_else(|| Refusal::server_error("A key has gone."))?.value;
        if known.fingerprint == attempt.fingerprint { Ok(known.intent) } else { Err(Refusal::key_reused()) }
    }

    async fn replay(&self, attempt: &Attempt, id: &str) -> Result<Option<Reply>, Refusal> {
        let Some(key) = &attempt.key else { return Ok(None) };
        let intent = self.intents.get(id).await?;
        let response = intent.and_then(|intent| intent.response_to(key).cloned());
        Ok(response.map(|response| Reply { response, is_replay: true }))
    }

    async fn take_card(&self, token: &str, intent: &str) -> Result<Card, Refusal> {
        if let Some(card) = Card::of_test_token(token) {
            return Ok(card);
        }
        let used_before = |UsedBefore| {
            let message = format!("You cannot use a Stripe token more than once: {token}.");
            Refusal::invalid("payment_method_data[card][token]", "token_already_used", &message)
        };
        let claimed = self.tokens.update(token, |stored, _| stored.claim(intent).map_err(used_before)).await?;
        match claimed {
            Some(claimed) => Ok(claimed.aggregate.card),
            None => {
                let message = format!("No such token: '{token}'");
                Err(Refusal::invalid("payment_method_data[card][token]", "resource_missing", &message))
            }
        }
    }

    fn keep_webhooks_only_if_wanted(&self, intent: &mut Intent) {
        if self.settings.webhooks.is_none() {
            intent.forget_webhooks();
        }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = self.response.into_response();
        if self.is_replay {
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}
