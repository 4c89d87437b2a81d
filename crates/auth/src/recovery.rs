//! Recovery codes: made at random, shown once, and kept as hashes.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::id::UserId;

use crate::domain::{CODE_BYTES, CodeHash, RECOVERY_CODES, RecoveryCode};
use crate::error::AuthError;

/// Fresh codes, as many as an account has.
pub(crate) fn new_codes() -> Result<Vec<RecoveryCode>, AuthError> {
    let code = |_| {
        let mut bytes = [0; CODE_BYTES];
        rand::fill(&mut bytes).map_err(|error| AuthError::Crypto(error.to_string()))?;
        Ok(RecoveryCode::of_bytes(bytes))
    };
    (0..RECOVERY_CODES).map(code).collect()
}

/// What is kept of a user's code: another for each, so that those of several accounts cannot be looked for at once.
pub(crate) fn hash_of(user: UserId, code: &RecoveryCode) -> CodeHash {
    let hashed = digest(&SHA256, format!("recovery code of {user}: {}", code.as_str()).as_bytes());
    CodeHash(URL_SAFE_NO_PAD.encode(hashed))
}
