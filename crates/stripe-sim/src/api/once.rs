//! What is known of a request from the first time it was sent.

use ports::store::{Conflict, StoreError};

use super::{Api, Attempt, Reply};
use crate::domain::{Intent, JsonResponse, Refusal, StoredKey};
use crate::idempotency::{KeyInUse, record_id};
use common::outcome::Outcome;

impl Api {
    /// Marks the request's key as in use.
    pub(super) fn enter(&self, attempt: &Attempt) -> Result<Option<KeyInUse>, Refusal> {
        attempt.key.as_deref().map(|key| self.keys_in_use.enter(key)).transpose()
    }

    /// What is stored of the request's key since it was first used; now, if it is used for the first time, for
    /// the intent `wanted`.
    pub(super) async fn remembered(&self, attempt: &Attempt, wanted: String) -> Result<StoredKey, Refusal> {
        let id = attempt.key.as_deref().map(record_id).unwrap_or_default();
        let fresh = StoredKey { id, fingerprint: attempt.fingerprint.clone(), intent: wanted, response: None };
        if attempt.key.is_none() {
            return Ok(fresh);
        }
        match self.keys.insert(fresh.clone(), &()).await {
            Ok(inserted) => return Ok(inserted.value),
            Err(StoreError::Conflict(Conflict::Exists)) => {}
            Err(error) => return Err(error.into()),
        }
        let known = self.keys.get(&fresh.id).await?.ok_or_else(|| Refusal::server_error("A key has gone."))?.value;
        if known.fingerprint == attempt.fingerprint { Ok(known) } else { Err(Refusal::key_reused()) }
    }

    /// The response that was given the first time, if there was one.
    pub(super) async fn replay(&self, attempt: &Attempt, known: &StoredKey) -> Result<Option<Reply>, Refusal> {
        let Some(key) = &attempt.key else { return Ok(None) };
        if let Some(response) = &known.response {
            return Ok(Some(Reply::again(response.clone())));
        }
        let intent = self.intents.get(&known.intent).await?;
        let response = intent.and_then(|intent| intent.response_to(key).cloned());
        Ok(response.map(Reply::again))
    }

    /// Keeps the response to a request that had no effect on an intent.
    pub(super) async fn keep(&self, attempt: &Attempt, response: JsonResponse) -> Result<Reply, Refusal> {
        if let Some(key) = &attempt.key {
            let keep = |stored: &mut StoredKey, _| {
                stored.response = Some(response.clone());
                Ok::<_, StoreError>(Outcome::Changed(()))
            };
            self.keys.update(record_id(key), keep).await?;
        }
        Ok(Reply::first(response))
    }
}

/// The response that another instance on the same store gave to the same request, and left in the intent.
pub(super) fn answered_elsewhere(attempt: &Attempt, intent: &Intent) -> Result<Reply, Refusal> {
    let response = attempt.key.as_deref().and_then(|key| intent.response_to(key));
    response.cloned().map(Reply::again).ok_or_else(Refusal::key_in_use)
}
