use jsonwebtoken::{Algorithm, DecodingKey, Validation};

use super::claims::Claims;
use super::cookie::SessionCookie;
use super::keys::Keys;
use super::revoked::Revoked;
use crate::clock::Clock;
use crate::email::Email;
use crate::id::{SessionId, UserId};
use crate::time::Timestamp;

/// A signed-in visitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who they are.
    pub user_id: UserId,
    /// Their address.
    pub email: Email,
    /// The session.
    pub id: SessionId,
    /// When the token was issued.
    pub issued_at: Timestamp,
    /// When the token expires.
    pub expires_at: Timestamp,
}

/// Decides which session a request belongs to. Cheap to clone.
#[derive(Clone)]
pub struct SessionVerifier {
    /// The cookie tokens come in.
    pub cookie: SessionCookie,
    /// The keys tokens are signed with.
    pub keys: Keys,
    /// The sessions that have been ended.
    pub revoked: Revoked,
    /// The time tokens are judged by.
    pub clock: Clock,
}

impl SessionVerifier {
    /// The session of a token: signed with one of our keys, not expired, not revoked.
    pub async fn verify(&self, token: &str) -> Option<Session> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.alg != Algorithm::EdDSA {
            return None;
        }
        let key = self.keys.find(&header.kid?).await?;
        let key = DecodingKey::from_jwk(&key).ok()?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation()).ok()?.claims;
        let session = Session {
            user_id: claims.sub,
            email: claims.email,
            id: claims.sid,
            issued_at: Timestamp::from_millis(claims.iat.saturating_mul(1000)),
            expires_at: Timestamp::from_millis(claims.exp.saturating_mul(1000)),
        };
        let is_live = self.clock.now() < session.expires_at && !self.revoked.contains(session.id);
        is_live.then_some(session)
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
