//! The accounts in the store.

use common::email::Email;
use common::id::UserId;
use ports::store::{Condition, Conflict, Query, StoreError};
use runtime::store::{Change, Store};

use crate::domain::{PasswordHash, User};
use crate::error::AuthError;

/// All accounts. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Users(pub(crate) Store<User>);

impl Users {
    /// A new account. Of several with the same address the store's unique index lets one through.
    pub(crate) async fn add(&self, user: &User) -> Result<(), AuthError> {
        match self.0.insert(user, Vec::new()).await {
            Err(StoreError::Conflict(Conflict::Unique(_))) => Err(AuthError::EmailInUse),
            other => Ok(other?),
        }
    }

    pub(crate) async fn get(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.0.get(id).await
    }

    pub(crate) async fn find(&self, email: &Email) -> Result<Option<User>, StoreError> {
        let by_email = Condition::Equals("email", email.as_str().into());
        Ok(self.0.find(&Query::all(vec![by_email])).await?.pop())
    }

    /// Accounts whose former sessions may not all have been ended yet.
    pub(crate) async fn to_be_swept(&self) -> Result<Vec<User>, StoreError> {
        let pending = Condition::Equals("sweep", User::SWEEP_PENDING.into());
        self.0.find(&Query::all(vec![pending])).await
    }

    /// Changes the account as it was read, or `None` if its sessions have been disowned or its
    /// password changed since.
    pub(crate) async fn change(&self, read: &User, change: impl Fn(&mut User)) -> Result<Option<User>, StoreError> {
        let mut is_same = true;
        let changed = self.0.update(read.id, |present: &mut User| {
            is_same = present.generation == read.generation;
            if !is_same {
                return Ok::<_, StoreError>(Change::Keep);
            }
            change(present);
            Ok(Change::Commit(Vec::new()))
        });
        Ok(changed.await?.filter(|_| is_same))
    }

    /// Notes that the sessions not admitted by `user` have been ended.
    pub(crate) async fn finish_sweep(&self, user: &User) -> Result<(), StoreError> {
        let finish = |present: &mut User| match present.finish_sweep(user.generation) {
            true => Ok::<_, StoreError>(Change::Commit(Vec::new())),
            false => Ok(Change::Keep),
        };
        self.0.update(user.id, finish).await?;
        Ok(())
    }

    /// Replaces the hash of an unchanged password.
    pub(crate) async fn rehash(&self, user: &User, hash: PasswordHash) -> Result<(), StoreError> {
        let rehash = |present: &mut User| match present.rehash(&user.password_hash, hash.clone()) {
            true => Ok::<_, StoreError>(Change::Commit(Vec::new())),
            false => Ok(Change::Keep),
        };
        self.0.update(user.id, rehash).await?;
        Ok(())
    }
}
