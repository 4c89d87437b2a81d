//! Idempotent requests: <https://docs.stripe.com/api/idempotent_requests>.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};

use crate::error::Refusal;
use crate::form::Form;

/// The keys whose requests are going on right now.
#[derive(Clone, Default)]
pub(crate) struct KeysInUse(Arc<Mutex<HashSet<String>>>);

/// While it lives, its key is in use.
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

/// What tells one request from another: its path and its parameters. A digest, because
/// parameters are nobody's business later.
pub(crate) fn fingerprint(path: &str, form: &Form) -> String {
    hex(&format!("{path}?{}", form.canonical()))
}

/// The record id of a key, which may be any text.
pub(crate) fn record_id(key: &str) -> String {
    hex(key)
}

fn hex(text: &str) -> String {
    digest(&SHA256, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
