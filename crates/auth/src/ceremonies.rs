//! What is under way with passkeys: begun by one request, finished by another, once.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::id::UserId;
use common::version::Versioned;
use ports::clock::Clock;
use ports::store::{Condition, StoreError};
use runtime::store::Store;
use serde_json::Value;

use crate::domain::{Ceremony, CeremonyHash, CeremonyIsOver, Purpose};
use crate::error::AuthError;
use crate::store::USER_ID;

/// How many random bytes a token has.
const TOKEN_BYTES: usize = 32;

/// The ceremonies of all users. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Ceremonies {
    pub(crate) store: Store<Ceremony>,
    pub(crate) clock: Clock,
}

impl Ceremonies {
    /// Begins one. What is returned is needed to finish it, and only its hash is kept.
    pub(crate) async fn begin(
        &self,
        purpose: Purpose,
        user: Option<UserId>,
        challenge: String,
    ) -> Result<String, AuthError> {
        let mut token = [0; TOKEN_BYTES];
        rand::fill(&mut token).map_err(|error| AuthError::Crypto(error.to_string()))?;
        let token = URL_SAFE_NO_PAD.encode(token);
        let begun = Ceremony::begin(hash_of(&token), purpose, user, challenge, self.clock.now());
        self.store.insert(begun, &()).await?;
        Ok(token)
    }

    /// The one with this token, which can still be finished.
    pub(crate) async fn find(&self, token: &Value) -> Result<Versioned<Ceremony>, AuthError> {
        let token = token.as_str().ok_or(CeremonyIsOver)?;
        let ceremony = self.store.get(hash_of(token).0).await?.ok_or(CeremonyIsOver)?;
        ceremony.check(self.clock.now())?;
        Ok(ceremony)
    }

    /// Takes it: nobody else finishes it.
    pub(crate) async fn take(&self, ceremony: &Ceremony) -> Result<(), AuthError> {
        let finish = |ceremony: &mut Ceremony, _| Ok::<_, AuthError>(ceremony.finish(self.clock.now())?);
        self.store.update(&ceremony.id.0, finish).await?.ok_or(CeremonyIsOver)?;
        Ok(())
    }

    /// Removes those of a user, who is gone.
    pub(crate) async fn purge_of(&self, user: UserId) -> Result<(), StoreError> {
        self.store.purge(&[Condition::Equals(USER_ID, user.to_string().into())]).await?;
        Ok(())
    }
}

fn hash_of(token: &str) -> CeremonyHash {
    CeremonyHash(URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes())))
}
