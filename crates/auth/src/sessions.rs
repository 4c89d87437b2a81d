//! Sessions and the tokens that stand for them: opened, renewed, ended.

use common::email::Email;
use common::events::NewEvent;
use common::id::{IdGenerator, SessionId, UserId};
use common::time::Timestamp;
use futures::{StreamExt, TryStreamExt, stream};
use http::HeaderValue;
use ports::clock::Clock;
use ports::store::{Condition, Query, StoreError};
use runtime::session::{Claims, Revoked, SessionCookie, TOKEN_LIFE};
use runtime::store::{Change, Store};

use crate::domain::{Session, SessionEnded, User};
use crate::error::AuthError;
use crate::keys::SigningKeys;

/// How many sessions of a user are ended at the same time.
const ENDED_AT_ONCE: usize = 32;

/// The sessions of all users. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sessions {
    pub(crate) store: Store<Session>,
    pub(crate) keys: SigningKeys,
    pub(crate) revoked: Revoked,
    pub(crate) cookie: SessionCookie,
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
}

/// A fresh token.
pub(crate) struct Issued {
    /// The `Set-Cookie` value that hands it to the browser.
    pub(crate) cookie: HeaderValue,
    /// When it was issued.
    pub(crate) at: Timestamp,
}

impl From<SessionEnded> for AuthError {
    fn from(SessionEnded: SessionEnded) -> Self {
        Self::SessionEnded
    }
}

impl Sessions {
    /// A new session of the user.
    pub(crate) async fn open(&self, user: &User) -> Result<(Session, Issued), AuthError> {
        let now = self.clock.now();
        let session = Session::open(self.ids.next(now), user, now);
        let issued = self.issue(session.id, user.id, user.email.clone(), now)?;
        self.store.insert(&session, Vec::new()).await?;
        Ok((session, issued))
    }

    /// A fresh token for a session, unless it has been ended.
    pub(crate) async fn renew(&self, session: &runtime::session::Session) -> Result<Issued, AuthError> {
        let now = self.clock.now();
        let renewed = self.store.update(session.id, |stored: &mut Session| {
            stored.renew(now)?;
            Ok::<_, AuthError>(Change::Commit(Vec::new()))
        });
        renewed.await?.ok_or(AuthError::SessionEnded)?;
        self.issue(session.id, session.user_id, session.email.clone(), now)
    }

    /// The stored session behind a token.
    pub(crate) async fn get(&self, id: SessionId) -> Result<Session, AuthError> {
        self.store.get(id).await?.ok_or(AuthError::SessionEnded)
    }

    /// Ends a session, here at once and in the other services as soon as they hear of it.
    pub(crate) async fn end(&self, id: SessionId) -> Result<(), StoreError> {
        let ended = self.store.update(id, |session: &mut Session| match session.end() {
            Some(revoked) => Ok::<_, StoreError>(Change::Commit(vec![NewEvent::of(&revoked)])),
            None => Ok(Change::Keep),
        });
        if let Some(session) = ended.await? {
            self.revoked.add(session.id, session.expires_at, self.clock.now());
        }
        Ok(())
    }

    /// Ends every session that the user does not admit any more.
    pub(crate) async fn end_disowned(&self, user: &User) -> Result<(), StoreError> {
        let of_user = Condition::Equals("userId", user.id.to_string().into());
        let live = Condition::Equals("state", Session::LIVE.into());
        let sessions = self.store.find(&Query::all(vec![of_user, live])).await?;
        let disowned: Vec<_> = sessions.iter().filter(|session| !user.admits(session)).map(|gone| gone.id).collect();
        stream::iter(disowned).map(|id| self.end(id)).buffer_unordered(ENDED_AT_ONCE).try_collect().await
    }

    fn issue(&self, sid: SessionId, sub: UserId, email: Email, now: Timestamp) -> Result<Issued, AuthError> {
        let claims = Claims { sub, email, sid, iat: now.as_secs(), exp: (now + TOKEN_LIFE).as_secs() };
        let token = self.keys.sign(&claims, now)?;
        Ok(Issued { cookie: self.cookie.set(&token), at: now })
    }
}
