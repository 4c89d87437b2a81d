use common::events::SessionRevoked;
use common::id::{SessionId, UserId};
use common::time::Timestamp;
use common::version::Version;
use ports::store::{Collection, Index};
use runtime::session::TOKEN_LIFE;
use runtime::store::Aggregate;
use serde::{Deserialize, Serialize};

use super::user::User;

/// One sign-in on one device, and the tokens issued for it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    version: Version,
    pub(crate) user_id: UserId,
    /// The account's generation when it was opened, see [`User::admits`].
    pub(crate) generation: u64,
    created_at: Timestamp,
    /// When the last of its tokens expires.
    pub(crate) expires_at: Timestamp,
    state: SessionState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SessionState {
    Live,
    Ended,
}

/// The session has been ended: there are no new tokens for it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the session has been ended")]
pub(crate) struct SessionEnded;

impl Session {
    /// The value of the field `state` by which a user's live sessions are found.
    pub(crate) const LIVE: &'static str = "live";

    /// A new session with its first token issued at `now`.
    pub(crate) fn open(id: SessionId, user: &User, now: Timestamp) -> Self {
        Self {
            id,
            version: Version::FIRST,
            user_id: user.id,
            generation: user.generation,
            created_at: now,
            expires_at: now + TOKEN_LIFE,
            state: SessionState::Live,
        }
    }

    /// Notes that another token is issued at `now`. This is committed before the token leaves us:
    /// either the renewal comes first, and an ending announces the later expiry, or the ending
    /// does, and there is no renewal.
    pub(crate) fn renew(&mut self, now: Timestamp) -> Result<(), SessionEnded> {
        match self.state {
            SessionState::Live => {
                self.expires_at = self.expires_at.max(now + TOKEN_LIFE);
                Ok(())
            }
            SessionState::Ended => Err(SessionEnded),
        }
    }

    /// Ends the session: what to tell the other services, `None` if it had ended before.
    pub(crate) fn end(&mut self) -> Option<SessionRevoked> {
        match self.state {
            SessionState::Live => {
                self.state = SessionState::Ended;
                Some(SessionRevoked { session_id: self.id, expires_at: self.expires_at })
            }
            SessionState::Ended => None,
        }
    }
}

impl Aggregate for Session {
    const COLLECTION: &'static Collection = &Collection {
        name: "sessions",
        indexes: &[
            Index { name: "user_and_state", fields: &["userId", "state"], unique: false, only: None },
            Index { name: "expires_at", fields: &["expiresAt"], unique: false, only: None },
        ],
    };

    fn id(&self) -> String {
        self.id.to_string()
    }
    fn version(&self) -> Version {
        self.version
    }
    fn set_version(&mut self, version: Version) {
        self.version = version;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::email::Email;
    use common::id::IdGenerator;

    use super::super::user::PasswordHash;
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn opened(now: Timestamp) -> Session {
        let ids = IdGenerator::seeded(1);
        let email = Email::parse("ada@example.com").expect("an address");
        Session::open(ids.next(now), &User::sign_up(ids.next(now), email, PasswordHash(String::new()), now), now)
    }

    #[test]
    fn an_ending_announces_the_expiry_of_the_last_token_once() {
        let start = Timestamp::from_millis(0);
        let mut session = opened(start);
        session.renew(start + HOUR).expect("live");
        session.renew(start).expect("a slow clock does not shorten it");
        let told = session.end().expect("it was live");
        assert_eq!(told, SessionRevoked { session_id: session.id, expires_at: start + HOUR + TOKEN_LIFE });
        assert_eq!(session.end(), None);
    }

    #[test]
    fn an_ended_session_is_not_renewed() {
        let mut session = opened(Timestamp::from_millis(0));
        session.end();
        assert_eq!(session.renew(Timestamp::from_millis(1)), Err(SessionEnded));
    }
}
