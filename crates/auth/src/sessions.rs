//! Sessions and the tokens that stand for them: opened, renewed, ended.

use std::cmp::Reverse;

use common::id::{IdGenerator, SessionId, UserId};
use common::time::Timestamp;
use common::version::Versioned;
use futures::{StreamExt, TryStreamExt, stream};
use ports::clock::Clock;
use ports::store::{Condition, Direction, Query, StoreError};
use runtime::session::{Claims, Revoked, SessionCookie, TOKEN_LIFE};
use runtime::store::Store;
use tower_cookies::Cookie;

use crate::domain::{DeviceName, Session, User};
use crate::error::AuthError;
use crate::keys::SigningKeys;
use crate::store::{CREATED_AT, USER_ID, session_revoked, sessions_revoked};

/// How many sessions of a user are ended at the same time.
const ENDED_AT_ONCE: usize = 32;
/// How many sessions of a user are looked at, the newest first: far more than anybody has.
const LISTED: usize = 500;

/// The sessions of all users. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sessions {
    pub(crate) store: Store<Session>,
    pub(crate) keys: SigningKeys,
    pub(crate) revoked: Revoked,
    pub(crate) cookie: SessionCookie,
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
    /// Whether addresses have to be confirmed.
    pub(crate) confirms: bool,
}

/// A fresh token.
pub(crate) struct IssuedToken {
    /// The cookie that hands it to the browser.
    pub(crate) cookie: Cookie<'static>,
    pub(crate) issued_at: Timestamp,
    /// Whether its user may do everything.
    pub(crate) is_confirmed: bool,
}

impl Sessions {
    /// A new session of the user, who is told of it by mail if `is_told`.
    pub(crate) async fn open(
        &self,
        user: &User,
        device: DeviceName,
        is_told: bool,
    ) -> Result<(Versioned<Session>, IssuedToken), AuthError> {
        let now = self.clock.now();
        let session = Session::open(self.ids.next(now), user, device, now, TOKEN_LIFE);
        let token = self.issue(&session, user, now)?;
        let opened = session.opened(is_told);
        Ok((self.store.insert(session, &opened).await?, token))
    }

    /// A fresh token for a session, unless it has been ended or has become too old.
    pub(crate) async fn renew(&self, id: SessionId, user: &User) -> Result<IssuedToken, AuthError> {
        let now = self.clock.now();
        let renewed = self.store.update(id, |stored, _| Ok::<_, AuthError>(stored.renew(now, TOKEN_LIFE)?));
        let renewed = renewed.await?.ok_or(AuthError::SessionEnded)?;
        self.issue(&renewed.aggregate, user, now)
    }

    /// The stored session behind a token.
    pub(crate) async fn get(&self, id: SessionId) -> Result<Versioned<Session>, AuthError> {
        self.store.get(id).await?.ok_or(AuthError::SessionEnded)
    }

    /// The sessions of a user that go on, the one that was used last first.
    pub(crate) async fn of_user(&self, user: &User) -> Result<Vec<Versioned<Session>>, StoreError> {
        let of_user = Condition::Equals(USER_ID, user.id.to_string().into());
        let newest = Query {
            sort: Some(CREATED_AT),
            direction: Direction::Descending,
            limit: Some(LISTED),
            ..Query::all(vec![of_user])
        };
        let (mut sessions, now) = (self.store.find(&newest).await?, self.clock.now());
        sessions.retain(|session| session.is_live(now) && user.admits(session));
        sessions.sort_by_key(|session| Reverse(session.last_used_at()));
        Ok(sessions)
    }

    /// Removes the sessions of a user, who is gone. They have ended.
    pub(crate) async fn purge_of(&self, user: UserId) -> Result<(), StoreError> {
        self.store.purge(&[Condition::Equals(USER_ID, user.to_string().into())]).await?;
        Ok(())
    }

    /// Ends a session, here at once and in the other services as soon as they hear of it.
    pub(crate) async fn end(&self, id: SessionId) -> Result<(), StoreError> {
        let updated = self.store.update(id, |session, _| Ok::<_, StoreError>(session.end())).await?;
        if let Some(session) = updated.map(|updated| updated.aggregate) {
            self.revoked.add([session_revoked(&session)], self.clock.now());
        }
        Ok(())
    }

    /// Ends every session that the user does not admit any more. The other services know of those that
    /// began before [`User::sessions_from`] from the event that went with the account's change; what is left
    /// are those that a replica opened whose clock was ahead, and what an earlier version has left undone.
    pub(crate) async fn end_disowned(&self, user: &User) -> Result<(), StoreError> {
        self.revoked.add([sessions_revoked(user.id, user.sessions_from)], self.clock.now());
        let of_user = Condition::Equals(USER_ID, user.id.to_string().into());
        let later = Condition::AtLeast(CREATED_AT, user.sessions_from.to_string().into());
        let sessions = self.store.find(&Query::all(vec![of_user, later])).await?;
        let disowned = sessions.into_iter().filter(|session| !user.admits(session)).map(|session| session.id);
        stream::iter(disowned).map(|id| self.end(id)).buffer_unordered(ENDED_AT_ONCE).try_collect().await
    }

    fn issue(&self, session: &Session, user: &User, now: Timestamp) -> Result<IssuedToken, AuthError> {
        let claims = Claims {
            sub: session.user_id,
            email: user.email().clone(),
            sid: session.id,
            iat: now.as_secs(),
            exp: (now + TOKEN_LIFE).min(session.expires_at).as_secs(),
            began: Some(session.created_at.as_millis()),
            unconfirmed: self.confirms && !user.is_confirmed(),
            unproven: !user.is_confirmed(),
        };
        let token = self.keys.sign(&claims, now)?;
        let is_confirmed = !claims.unconfirmed;
        Ok(IssuedToken { cookie: self.cookie.with_token(token), issued_at: now, is_confirmed })
    }
}
