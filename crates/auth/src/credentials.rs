//! Whose passkeys are: each is one account's.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::id::UserId;
use ports::store::{Condition, Conflict, StoreError};
use runtime::store::Store;

use crate::domain::{Credential, CredentialClaim};
use crate::error::AuthError;
use crate::store::USER_ID;

/// What passkeys accounts have claimed. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) store: Store<CredentialClaim>,
}

impl Credentials {
    /// Claims a passkey for an account before it is added there: of several that want the same, one gets it.
    pub(crate) async fn claim(&self, credential: &Credential, user_id: UserId) -> Result<(), AuthError> {
        let id = URL_SAFE_NO_PAD.encode(digest(&SHA256, credential.credential_id.as_bytes()));
        match self.store.insert(CredentialClaim { id: id.clone(), user_id }, &()).await {
            Err(StoreError::Conflict(Conflict::Exists)) => {}
            inserted => return inserted.map(drop).map_err(AuthError::from),
        }
        // It may have been claimed by a request that died before it was added.
        let claimed = self.store.get(&id).await?.is_some_and(|claim| claim.user_id == user_id);
        if claimed { Ok(()) } else { Err(AuthError::PasskeyRefused) }
    }

    /// Forgets those of a user, who is gone.
    pub(crate) async fn purge_of(&self, user: UserId) -> Result<(), StoreError> {
        self.store.purge(&[Condition::Equals(USER_ID, user.to_string().into())]).await?;
        Ok(())
    }
}
