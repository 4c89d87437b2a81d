use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use bytes::Bytes;
use http::{Request, Uri};
pub use jsonwebtoken::jwk::{Jwk, JwkSet};
use tokio::sync::Mutex;

use super::key_set::{KeySet, Unreadable};
use super::verifier::Session;
use crate::outbound::{CallFailed, HttpCalls};
use common::time::Timestamp;
use ports::clock::Clock;

/// A key set that does not have a key is asked for again at most this often.
const REFRESH_AT_MOST_EVERY: Duration = Duration::from_secs(1);
/// How long asking for it may take.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);

/// The public keys that session tokens are verified with. Clones share them.
#[derive(Clone)]
pub struct Keys {
    present: Arc<ArcSwap<KeySet>>,
    /// Whether addresses have to be confirmed now, whatever was so when a token was signed.
    confirms: Arc<AtomicBool>,
    origin: Option<Arc<Origin>>,
}

struct Origin {
    url: Uri,
    http: Arc<dyn HttpCalls>,
    clock: Clock,
    last_fetch: Mutex<Option<Timestamp>>,
}

impl Keys {
    /// Keys that auth publishes into, in the same process.
    pub fn shared() -> Self {
        let none = KeySet::new(JwkSet { keys: Vec::new() });
        Self { present: Arc::new(ArcSwap::from_pointee(none)), confirms: Arc::default(), origin: None }
    }

    /// Keys that are fetched from auth's key set at `url`.
    pub fn fetched_from(url: Uri, http: Arc<dyn HttpCalls>, clock: Clock) -> Self {
        let origin = Origin { url, http, clock, last_fetch: Mutex::new(None) };
        Self { origin: Some(Arc::new(origin)), ..Self::shared() }
    }

    /// Replaces the keys, unless they are the same.
    pub fn publish(&self, keys: JwkSet) {
        if *self.present.load().published != keys {
            self.present.store(Arc::new(KeySet::new(keys)));
        }
    }

    /// From now on addresses have to be confirmed before one may do everything, or need not be.
    pub fn ask_for_confirmation(&self, confirms: bool) {
        self.confirms.store(confirms, Ordering::Relaxed);
    }

    /// The keys as they are.
    pub fn present(&self) -> Arc<JwkSet> {
        self.present.load().published.clone()
    }

    /// Whether any key is known, without which nobody can be recognised.
    pub fn is_ready(&self) -> bool {
        !self.present.load().published.keys.is_empty()
    }

    /// The session that a token of ours stands for, whether or not it has ended. A key that is not
    /// known yet may be new: then auth is asked, but not too often.
    pub(super) async fn read(&self, token: &str) -> Option<Session> {
        let mut read = self.present.load().read(token);
        if read == Err(Unreadable::UnknownKey) {
            self.refresh().await;
            read = self.present.load().read(token);
        }
        let session = read.ok()?;
        let is_confirmed = session.is_confirmed && (session.is_proven || !self.confirms.load(Ordering::Relaxed));
        Some(Session { is_confirmed, ..session })
    }

    /// Fetches the key set anew, unless that was just done or there is nowhere to fetch it from.
    pub async fn refresh(&self) {
        let Some(origin) = &self.origin else { return };
        let mut last_fetch = origin.last_fetch.lock().await;
        let now = origin.clock.now();
        if last_fetch.is_some_and(|last| now.since(last) < REFRESH_AT_MOST_EVERY) {
            return;
        }
        *last_fetch = Some(now);
        match origin.fetch().await {
            Ok(keys) => self.publish(keys),
            Err(error) => tracing::warn!(url = %origin.url, %error, "cannot fetch the session keys"),
        }
    }
}

impl Origin {
    async fn fetch(&self) -> Result<JwkSet, CallFailed> {
        let request = Request::get(&self.url).body(Bytes::new()).map_err(|error| CallFailed(error.to_string()))?;
        let response = tokio::time::timeout(FETCH_TIMEOUT, self.http.call(request)).await;
        let response = response.unwrap_or_else(|_| Err(CallFailed("no response in time".into())))?;
        if !response.status().is_success() {
            return Err(CallFailed(format!("the response is {}", response.status())));
        }
        serde_json::from_slice(response.body()).map_err(|error| CallFailed(error.to_string()))
    }
}
