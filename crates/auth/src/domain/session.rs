use std::time::Duration;

use common::events::NoticeKind;
use common::id::{SessionId, UserId};
use common::outcome::Outcome;
use common::time::Timestamp;
use runtime::session::SESSION_LIFE;
use serde::{Deserialize, Serialize};

use super::device_name::DeviceName;
use super::notice::Notice;
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
    /// When the last of its tokens was issued: while somebody uses it, one is every hour. Sessions of earlier
    /// versions do not say.
    #[serde(default)]
    used_at: Option<Timestamp>,
    /// Where it was opened.
    #[serde(default)]
    pub(crate) device: DeviceName,
    state: SessionState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SessionState {
    Live,
    Ended,
}

/// The session was opened.
#[derive(Debug)]
pub(crate) struct SessionOpened {
    /// What its owner is to be told of it, if anything.
    pub(crate) notice: Option<Notice>,
}

/// The session was ended: none of its tokens is good any more.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SessionEnded;

/// The session has been ended before, or is as old as sessions become: there are no new tokens for it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AlreadyEnded;

impl Session {
    /// A new session, whose first token is issued at `now` and good for `token_life`.
    pub(crate) fn open(id: SessionId, user: &User, device: DeviceName, now: Timestamp, token_life: Duration) -> Self {
        Self {
            id,
            user_id: user.id,
            generation: user.generation,
            created_at: now.max(user.sessions_from),
            expires_at: now + token_life,
            used_at: Some(now),
            device,
            state: SessionState::Live,
        }
    }

    /// That it was opened, with a notice if its owner is to be told.
    pub(crate) fn opened(&self, is_told: bool) -> SessionOpened {
        let notice = Notice { id: self.id.of_another(), user_id: self.user_id, kind: NoticeKind::NewSignIn };
        SessionOpened { notice: is_told.then_some(notice) }
    }

    /// Whether it goes on: some token of it may still be good.
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        !self.has_ended() && now < self.expires_at
    }

    /// Whether it was ended.
    pub(crate) fn has_ended(&self) -> bool {
        self.state == SessionState::Ended
    }

    /// When it was used last, to within the time that a token is used before it is renewed.
    pub(crate) fn last_used_at(&self) -> Timestamp {
        self.used_at.unwrap_or(self.created_at)
    }

    /// The last moment at which one of its tokens may be good.
    fn end_of_life(&self) -> Timestamp {
        self.created_at + SESSION_LIFE
    }

    /// Notes that another token is issued at `now`. This is committed before the token leaves us:
    /// either the renewal comes first, and an ending announces the later expiry, or the ending
    /// does, and there is no renewal.
    pub(crate) fn renew(&mut self, now: Timestamp, token_life: Duration) -> Result<Outcome<()>, AlreadyEnded> {
        let expires_at = (now + token_life).min(self.end_of_life()).max(self.expires_at);
        let used_at = Some(now).max(self.used_at);
        match self.state {
            SessionState::Ended => Err(AlreadyEnded),
            SessionState::Live if now >= self.end_of_life() => Err(AlreadyEnded),
            SessionState::Live if (expires_at, used_at) == (self.expires_at, self.used_at) => Ok(Outcome::Unchanged),
            SessionState::Live => {
                (self.expires_at, self.used_at) = (expires_at, used_at);
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
        Session::open(ids.next(now), &user, DeviceName::default(), now, HOUR)
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
        assert!(session.is_live(start + HOUR / 2 + HOUR - Duration::from_millis(1)));
        assert!(!session.is_live(start + HOUR / 2 + HOUR));
    }

    #[test]
    fn each_renewal_is_a_use_also_when_the_end_does_not_move_any_more() {
        let start = Timestamp::from_millis(0);
        let mut session = opened(start);
        assert_eq!(session.last_used_at(), start);
        let late = start + SESSION_LIFE - HOUR;
        for used_at in [late, late + HOUR / 2] {
            assert_eq!(session.renew(used_at, HOUR), Ok(Outcome::Changed(())));
            assert_eq!((session.last_used_at(), session.expires_at), (used_at, start + SESSION_LIFE));
        }
        assert_eq!(session.renew(late, HOUR), Ok(Outcome::Unchanged), "a slow clock does not take a use back");
    }

    #[test]
    fn a_session_ends_once() {
        let mut session = opened(Timestamp::from_millis(0));
        assert!(session.is_live(Timestamp::from_millis(1)));
        assert_eq!(session.end(), Outcome::Changed(SessionEnded));
        assert_eq!(session.end(), Outcome::Unchanged);
        assert!(!session.is_live(Timestamp::from_millis(1)));
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
