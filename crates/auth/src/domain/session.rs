use std::time::Duration;

use common::id::{SessionId, UserId};
use common::outcome::Outcome;
use common::time::Timestamp;
use runtime::session::SESSION_LIFE;
use serde::{Deserialize, Serialize};

use super::user::User;

/// One sign-in on one device, and the tokens issued for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) user_id: UserId,
    /// The account's generation when it was opened, see [`User::admits`].
    pub(crate) generation: u64,
    /// When it began. After an act that ended all of the account's sessions, not before that act, whatever
    /// this replica's clock says.
    pub(crate) created_at: Timestamp,
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

/// The session was ended: none of its tokens is good any more.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SessionEnded;

/// The session has been ended before, or is as old as sessions become: there are no new tokens for it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AlreadyEnded;

impl Session {
    /// A new session, whose first token is issued at `now` and good for `token_life`.
    pub(crate) fn open(id: SessionId, user: &User, now: Timestamp, token_life: Duration) -> Self {
        Self {
            id,
            user_id: user.id,
            generation: user.generation,
            created_at: now.max(user.sessions_from),
            expires_at: now + token_life,
            state: SessionState::Live,
        }
    }

    /// The last moment at which one of its tokens may be good.
    fn end_of_life(&self) -> Timestamp {
        self.created_at + SESSION_LIFE
    }

    /// Notes that another token is issued at `now`. This is committed before the token leaves us:
    /// either the renewal comes first, and an ending announces the later expiry, or the ending
    /// does, and there is no renewal.
    pub(crate) fn renew(&mut self, now: Timestamp, token_life: Duration) -> Result<Outcome<()>, AlreadyEnded> {
        let expires_at = (now + token_life).min(self.end_of_life());
        match self.state {
            SessionState::Ended => Err(AlreadyEnded),
            SessionState::Live if now >= self.end_of_life() => Err(AlreadyEnded),
            SessionState::Live if expires_at <= self.expires_at => Ok(Outcome::Unchanged),
            SessionState::Live => {
                self.expires_at = expires_at;
                Ok(Outcome::Changed(()))
            }
        }
    }

    /// Ends the session.
    pub(crate) fn end(&mut self) -> Outcome<SessionEnded> {
        match self.state {
            SessionState::Ended => Outcome::Unchanged,
            SessionState::Live => {
                self.state = SessionState::Ended;
                Outcome::Changed(SessionEnded)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use common::email::Email;
    use common::id::IdGenerator;

    use super::super::user::PasswordHash;
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn opened(now: Timestamp) -> Session {
        let ids = IdGenerator::seeded(1);
        let email = Email::parse("ada@example.com").expect("an address");
        let user = User::sign_up(ids.next(now), email, PasswordHash(String::new()), now);
        Session::open(ids.next(now), &user, now, HOUR)
    }

    #[test]
    fn a_session_expires_with_the_last_of_its_tokens() {
        let start = Timestamp::from_millis(0);
        let mut session = opened(start);
        assert_eq!(session.expires_at, start + HOUR);
        assert_eq!(session.renew(start + HOUR / 2, HOUR), Ok(Outcome::Changed(())));
        assert_eq!(session.expires_at, start + HOUR / 2 + HOUR);
        assert_eq!(session.renew(start, HOUR), Ok(Outcome::Unchanged), "a slow clock does not shorten it");
        assert_eq!(session.expires_at, start + HOUR / 2 + HOUR);
    }

    #[test]
    fn a_session_ends_once() {
        let mut session = opened(Timestamp::from_millis(0));
        assert_eq!(session.end(), Outcome::Changed(SessionEnded));
        assert_eq!(session.end(), Outcome::Unchanged);
    }

    #[test]
    fn a_session_ends_after_thirty_days_however_often_it_is_renewed() {
        let start = Timestamp::from_millis(0);
        let mut session = opened(start);
        let end = start + Duration::from_secs(30 * 24 * 3600);
        assert_eq!(session.renew(end - HOUR / 2, HOUR), Ok(Outcome::Changed(())));
        assert_eq!(session.expires_at, end);
        assert_eq!(session.renew(end, HOUR), Err(AlreadyEnded));
    }

    #[test]
    fn an_ended_session_is_not_renewed() {
        let mut session = opened(Timestamp::from_millis(0));
        assert!(session.end().is_changed());
        assert_eq!(session.renew(Timestamp::from_millis(1), HOUR), Err(AlreadyEnded));
    }
}
