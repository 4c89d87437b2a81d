//! How a request changes an intent: once for each idempotency key.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use common::id::{IdGenerator, Payment};
use common::version::Version;
use http::{HeaderMap, HeaderName, HeaderValue};
use ports::clock::Clock;
use ports::store::{Conflict, StoreError};
use runtime::store::{Change, Store};
use tokio::sync::Notify;

use crate::auth::authorize;
use crate::domain::{Answer, Card, CardToken, Claim, Intent, NewIntent, StoredKey, render_intent};
use crate::error::Refusal;
use crate::faults::Faults;
use crate::form::Form;
use crate::idempotency::{KeysInUse, fingerprint, record_id};
use crate::simulator::SimulatorSettings;

const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// What the routes share.
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
    /// Wakes the courier of webhooks.
    pub(crate) wake: Arc<Notify>,
}

/// A request that may have been sent before.
pub(crate) struct Attempt {
    key: Option<String>,
    fingerprint: String,
}

/// An answer, and whether it is that of an earlier request.
pub(crate) struct Reply {
    answer: Answer,
    replayed: bool,
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

    /// Makes a confirmed intent that is paid with `token`.
    pub(crate) async fn create(&self, attempt: Attempt, token: &str, new: NewIntent) -> Result<Reply, Refusal> {
        let _in_use = self.enter(&attempt)?;
        let fresh = format!("pi_{}", self.ids.next::<Payment>(self.clock.now()));
        let id = self.intent_of(&attempt, fresh).await?;
        if let Some(reply) = self.replay(&attempt, &id).await? {
            return Ok(reply);
        }
        let card = self.take_card(token, &id).await?;
        let mut intent = Intent::confirm(id, new, card, self.now());
        let answer = match intent.decline {
            None => Answer::ok(&render_intent(&intent)),
            Some(decline) => Refusal::declined(decline).answer_about(&intent),
        };
        intent.remember(attempt.key.as_deref(), &answer);
        self.keep_webhooks_only_if_wanted(&mut intent);
        self.intents.insert(&intent, Vec::new()).await?;
        self.wake.notify_one();
        Ok(Reply { answer, replayed: false })
    }

    /// Changes the intent `id` with `act`, which answers with an object or refuses.
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
        let mut answer = None;
        let changed = self
            .intents
            .update(&id, |intent| {
                let outcome = match act(intent) {
                    Ok(object) => Answer::ok(&object),
                    Err(refusal) => refusal.answer_about(intent),
                };
                intent.remember(attempt.key.as_deref(), &outcome);
                self.keep_webhooks_only_if_wanted(intent);
                answer = Some(outcome);
                Ok::<_, StoreError>(Change::Commit(Vec::new()))
            })
            .await?;
        self.wake.notify_one();
        match (changed, answer) {
            (Some(_), Some(answer)) => Ok(Reply { answer, replayed: false }),
            _ => Err(Refusal::no_such("payment_intent", &id)),
        }
    }

    fn enter(&self, attempt: &Attempt) -> Result<Option<crate::idempotency::KeyInUse>, Refusal> {
        attempt.key.as_deref().map(|key| self.keys_in_use.enter(key)).transpose()
    }

    /// The intent this key acts on: the one noted when it was first used, otherwise `wanted`.
    async fn intent_of(&self, attempt: &Attempt, wanted: String) -> Result<String, Refusal> {
        let Some(key) = &attempt.key else { return Ok(wanted) };
        let key = StoredKey {
            id: record_id(key),
            version: Version::FIRST,
            fingerprint: attempt.fingerprint.clone(),
            intent: wanted,
        };
        match self.keys.insert(&key, Vec::new()).await {
            Ok(()) => return Ok(key.intent),
            Err(StoreError::Conflict(Conflict::Exists)) => {}
            Err(error) => return Err(error.into()),
        }
        let known = self.keys.get(&key.id).await?.ok_or_else(|| Refusal::server_error("A key has gone."))?;
        if known.fingerprint == attempt.fingerprint { Ok(known.intent) } else { Err(Refusal::key_reused()) }
    }

    async fn replay(&self, attempt: &Attempt, id: &str) -> Result<Option<Reply>, Refusal> {
        let Some(key) = &attempt.key else { return Ok(None) };
        let intent = self.intents.get(id).await?;
        let answer = intent.and_then(|intent| intent.answer_to(key).cloned());
        Ok(answer.map(|answer| Reply { answer, replayed: true }))
    }

    async fn take_card(&self, token: &str, intent: &str) -> Result<Card, Refusal> {
        if let Some(card) = Card::of_test_token(token) {
            return Ok(card);
        }
        let mut claim = Claim::UsedBefore;
        let found = self
            .tokens
            .update(token, |stored| {
                claim = stored.claim(intent);
                let change = if claim == Claim::Claimed { Change::Commit(Vec::new()) } else { Change::Keep };
                Ok::<_, StoreError>(change)
            })
            .await?;
        match (found, claim) {
            (Some(stored), Claim::Claimed | Claim::Repeated) => Ok(stored.card),
            (Some(_), Claim::UsedBefore) => Err(Refusal::invalid(
                "payment_method_data[card][token]",
                "token_already_used",
                &format!("You cannot use a Stripe token more than once: {token}."),
            )),
            (None, _) => Err(Refusal::invalid(
                "payment_method_data[card][token]",
                "resource_missing",
                &format!("No such token: '{token}'"),
            )),
        }
    }

    fn keep_webhooks_only_if_wanted(&self, intent: &mut Intent) {
        if !self.settings.has_webhooks() {
            intent.forget_webhooks();
        }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = self.answer.into_response();
        if self.replayed {
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}
