use std::collections::HashMap;
use std::sync::Arc;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use quick_cache::UnitWeighter;
use quick_cache::sync::Cache;

use super::claims::Claims;
use super::verifier::Session;
use common::time::Timestamp;

/// How many tokens are remembered, at less than a kilobyte each.
const REMEMBERED: u64 = 8192;

/// One edition of the key set: its keys, ready to verify with, and the tokens that are known to be
/// signed with them. A token is forgotten with the keys, or to make room for others.
pub(super) struct KeySet {
    pub(super) published: Arc<JwkSet>,
    keys: HashMap<String, DecodingKey>,
    genuine: Cache<String, Session>,
}

/// Why a token stands for no session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It names a key that is not in the set.
    UnknownKey,
    /// It is not one of ours.
    Forged,
}

impl KeySet {
    pub(super) fn new(published: JwkSet) -> Self {
        let ready = |key: &jsonwebtoken::jwk::Jwk| Some((key.common.key_id.clone()?, DecodingKey::from_jwk(key).ok()?));
        let keys = published.keys.iter().filter_map(ready).collect();
        let genuine = Cache::with_weighter(0, REMEMBERED, UnitWeighter);
        Self { published: Arc::new(published), keys, genuine }
    }

    /// The session that a token signed with one of the keys stands for, whether or not it has ended.
    ///
    /// Checking a signature costs more than most requests, so each is checked once: only what is, letter
    /// for letter, a token that was checked before is taken for one.
    pub(super) fn read(&self, token: &str) -> Result<Session, Unreadable> {
        if let Some(session) = self.genuine.get(token) {
            return Ok(session);
        }
        let session = self.check(token)?;
        self.genuine.insert(token.to_owned(), session.clone());
        Ok(session)
    }

    fn check(&self, token: &str) -> Result<Session, Unreadable> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| Unreadable::Forged)?;
        if header.alg != Algorithm::EdDSA {
            return Err(Unreadable::Forged);
        }
        let kid = header.kid.ok_or(Unreadable::Forged)?;
        let key = self.keys.get(&kid).ok_or(Unreadable::UnknownKey)?;
        let token = jsonwebtoken::decode::<Claims>(token, key, &validation()).map_err(|_| Unreadable::Forged)?;
        let Claims { sub, email, sid, iat, exp, began, unconfirmed, unproven } = token.claims;
        let issued_at = Timestamp::from_millis(iat.saturating_mul(1000));
        Ok(Session {
            user_id: sub,
            email,
            is_confirmed: !unconfirmed,
            is_proven: !unproven,
            id: sid,
            began_at: began.map_or(issued_at, Timestamp::from_millis),
            issued_at,
            expires_at: Timestamp::from_millis(exp.saturating_mul(1000)),
        })
    }
}

/// Only our algorithm. Expiry is judged by our own clock, without leeway.
fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_required_spec_claims(&["exp", "sub"]);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation
}

#[cfg(test)]
mod tests;
