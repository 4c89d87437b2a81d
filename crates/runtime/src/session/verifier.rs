use super::claims::SESSION_LIFE;
use super::cookie::SessionCookie;
use super::keys::Keys;
use super::revoked::Revoked;
use common::email::Email;
use common::id::{SessionId, UserId};
use common::time::Timestamp;
use ports::clock::Clock;

/// A signed-in visitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who they are.
    pub user_id: UserId,
    /// Their address.
    pub email: Email,
    /// Whether they may do everything: where addresses have to be confirmed, theirs is.
    pub is_confirmed: bool,
    /// Whether it is known that somebody reads mail at the address, also where it need not be.
    pub is_proven: bool,
    /// The session.
    pub id: SessionId,
    /// When it began.
    pub began_at: Timestamp,
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
    /// The session of a token: signed with one of our keys, not expired, not revoked, and not older than
    /// sessions become.
    pub async fn verify(&self, token: &str) -> Option<Session> {
        let session = self.keys.read(token).await?;
        let ends_at = session.expires_at.min(session.began_at + SESSION_LIFE);
        let is_live = self.clock.now() < ends_at && !self.revoked.contains(&session);
        is_live.then_some(session)
    }
}
