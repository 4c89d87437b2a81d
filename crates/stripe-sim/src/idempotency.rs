//! Idempotent requests: <https://docs.stripe.com/api/idempotent_requests>.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};

use crate::domain::Refusal;
use crate::form::Form;
use crate::simulator::SimulatorSettings;

/// The keys of the requests in progress.
#[derive(Clone, Default)]
pub(crate) struct KeysInUse(Arc<Mutex<HashSet<String>>>);

/// Marks its key as in use while it lives.
pub(crate) struct KeyInUse {
    keys: KeysInUse,
    key: String,
}

impl KeysInUse {
    /// Marks `key` as in use, unless it is already.
    pub(crate) fn enter(&self, key: &str) -> Result<KeyInUse, Refusal> {
        let is_new = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned());
        if is_new { Ok(KeyInUse { keys: self.clone(), key: key.to_owned() }) } else { Err(Refusal::key_in_use()) }
    }
}

impl Drop for KeyInUse {
    fn drop(&mut self) {
        self.keys.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

/// Distinguishes one request from another by path and parameters. A digest, so that the parameters are not
/// stored.
pub(crate) fn fingerprint(path: &str, form: &Form) -> String {
    hex_digest(&format!("{path}?{}", form.canonical()))
}

/// The record id for a key, which may be any text.
pub(crate) fn record_id(key: &str) -> String {
    hex_digest(key)
}

/// What makes the client secret of an intent one: nobody can compute it without the account's secrets.
pub(crate) fn client_secret_of(intent: &str, settings: &SimulatorSettings) -> String {
    let mut digest = hex_digest(&format!("{}:{}:{intent}", settings.secret_key, settings.webhook_secret));
    digest.truncate(24);
    digest
}

fn hex_digest(text: &str) -> String {
    hex::encode(digest(&SHA256, text.as_bytes()))
}
