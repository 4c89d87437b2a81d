//! The accounts in the store.

use common::email::Email;
use common::id::{NoticeId, UserId};
use common::outcome::Outcome;
use common::time::Timestamp;
use common::version::Versioned;
use ports::store::{Condition, Conflict, Query, StoreError};
use runtime::store::{Publish, Store};

use crate::domain::{PasswordHash, User};
use crate::error::AuthError;
use crate::store::{EMAIL, SWEEP, SWEEP_PENDING};

/// All accounts. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Users(pub(crate) Store<User>);

impl Users {
    /// Stores a new account. Of several with the same address the store's unique index lets one through.
    pub(crate) async fn add(&self, user: User) -> Result<Versioned<User>, AuthError> {
        match self.0.insert(user, &()).await {
            Err(StoreError::Conflict(Conflict::Unique(_))) => Err(AuthError::EmailInUse),
            inserted => Ok(inserted?),
        }
    }

    pub(crate) async fn get(&self, id: UserId) -> Result<Option<Versioned<User>>, StoreError> {
        self.0.get(id).await
    }

    pub(crate) async fn find(&self, email: &Email) -> Result<Option<Versioned<User>>, StoreError> {
        let by_email = Condition::Equals(EMAIL, email.as_str().into());
        Ok(self.0.find(&Query::all(vec![by_email])).await?.pop())
    }

    /// Accounts with sessions of former generations that may not have been ended yet.
    pub(crate) async fn with_pending_sweep(&self) -> Result<Vec<Versioned<User>>, StoreError> {
        let pending = Condition::Equals(SWEEP, SWEEP_PENDING.into());
        self.0.find(&Query::all(vec![pending])).await
    }

    /// Changes the password, disowns all sessions and has the owner told. Returns the account as changed, or `None` if its
    /// sessions have been disowned since `user` was read.
    pub(crate) async fn change_password(
        &self,
        user: &User,
        hash: &PasswordHash,
        notice: Option<NoticeId>,
    ) -> Result<Option<Versioned<User>>, StoreError> {
        let change = |present: &mut User, now| present.change_password(user.generation, hash.clone(), notice, now);
        self.change(user.id, change).await
    }

    /// Disowns all sessions. Returns the account as changed, or `None` if somebody else has done so
    /// since `user` was read.
    pub(crate) async fn sign_out_everywhere(&self, user: &User) -> Result<Option<Versioned<User>>, StoreError> {
        self.change(user.id, |present, now| present.sign_out_everywhere(user.generation, now)).await
    }

    /// Notes that the sessions not admitted by `user` have been ended.
    pub(crate) async fn finish_sweep(&self, user: &User) -> Result<(), StoreError> {
        self.change(user.id, |present, _| present.finish_sweep(user.generation)).await?;
        Ok(())
    }

    /// Replaces the hash of an unchanged password.
    pub(crate) async fn rehash(&self, user: &User, hash: &PasswordHash) -> Result<(), StoreError> {
        self.change(user.id, |present, _| present.rehash(&user.password_hash, hash.clone())).await?;
        Ok(())
    }

    /// The account as `decide` has changed it; `None` if it is gone or was left as it was.
    async fn change<T: Publish<User>>(
        &self,
        id: UserId,
        decide: impl Fn(&mut User, Timestamp) -> Outcome<T>,
    ) -> Result<Option<Versioned<User>>, StoreError> {
        let updated = self.0.update(id, |present, context| Ok::<_, StoreError>(decide(present, context.now))).await?;
        Ok(updated.filter(|updated| updated.outcome.is_changed()).map(|updated| updated.aggregate))
    }
}
