//! The signing keys in memory: loaded from the store, rotated, published, and signed with.

use std::sync::Arc;

use arc_swap::ArcSwap;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::id::IdGenerator;
use common::time::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use ports::clock::Clock;
use ports::store::{Condition, Conflict, Query, StoreError};
use runtime::session::{Claims, JwkSet, Keys, TOKEN_LIFE};
use runtime::store::Store;

use crate::domain::{KeyMaterial, KeyRing, KeyRotation, NextKey, SigningKey};
use crate::error::AuthError;
use crate::jwk;
use crate::key_wrap::{KeyWrap, Opened};
use crate::store::NUMBER;

/// Signs session tokens. Clones share the keys.
#[derive(Clone)]
pub(crate) struct SigningKeys {
    pub(crate) store: Store<SigningKey>,
    /// The keys as they are signed with, unwrapped. None yet: [`SigningKeys::refresh`] loads them.
    pub(crate) ring: Arc<ArcSwap<KeyRing>>,
    /// Where the public ones are published.
    pub(crate) published: Keys,
    pub(crate) wrap: KeyWrap,
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
    pub(crate) rotation: KeyRotation,
}

impl SigningKeys {
    /// No keys yet.
    pub(crate) fn no_ring() -> Arc<ArcSwap<KeyRing>> {
        Arc::new(ArcSwap::from_pointee(KeyRing::new(Vec::new(), TOKEN_LIFE)))
    }

    /// Brings the keys up to date with the store, makes a new one if it is due, forgets those
    /// that no token needs, and publishes the result.
    pub(crate) async fn refresh(&self) -> Result<(), AuthError> {
        let now = self.clock.now();
        let mut ring = self.load().await?;
        if let Some(next) = ring.due(&self.rotation, now) {
            self.make(next, now).await?;
            ring = self.load().await?;
        }
        if let Some(number) = ring.last_retired(now) {
            self.store.purge(&[Condition::AtMost(NUMBER, number.into())]).await?;
        }
        self.published.publish(jwk::key_set(ring.published(now)));
        self.ring.store(Arc::new(ring));
        Ok(())
    }

    async fn load(&self) -> Result<KeyRing, AuthError> {
        let mut keys = Vec::new();
        for kept in self.store.find(&Query::default()).await? {
            keys.push(self.open(kept.value).await?);
        }
        Ok(KeyRing::new(keys, TOKEN_LIFE))
    }

    /// The key as it is signed with. If it should be kept in another way than it is, it is from now on.
    async fn open(&self, mut key: SigningKey) -> Result<SigningKey, AuthError> {
        let (name, kept) = (wrap_name(&key.kid), key.material.private_key);
        let Opened { key: private, is_outdated } = self.wrap.open(&name, &kept)?;
        if is_outdated {
            let wrapped = self.wrap.close(&name, &private)?;
            let rewrap = |stored: &mut SigningKey, _| Ok::<_, StoreError>(stored.rewrap(&kept, &wrapped));
            self.store.update(key.number, rewrap).await?;
            tracing::info!(kid = key.kid, "wrapped a signing key by the present secret");
        }
        key.material.private_key = private;
        Ok(key)
    }

    async fn make(&self, NextKey { number, signs_from }: NextKey, now: Timestamp) -> Result<(), AuthError> {
        let kid = self.ids.next::<SigningKey>(now).to_string();
        let mut material = generate()?;
        material.private_key = self.wrap.close(&wrap_name(&kid), &material.private_key)?;
        let key = SigningKey { number, kid: kid.clone(), material, created_at: now, signs_from };
        match self.store.insert(key, &()).await {
            Ok(_) => tracing::info!(kid, "made a signing key"),
            Err(StoreError::Conflict(Conflict::Exists)) => tracing::debug!("another replica made the next key"),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Whether tokens can be signed.
    pub(crate) fn are_loaded(&self) -> bool {
        self.ring.load().signer(self.clock.now()).is_some()
    }

    /// The public keys.
    pub(crate) fn public(&self) -> JwkSet {
        jwk::key_set(self.ring.load().published(self.clock.now()))
    }

    /// A token that says `claims`, as of `now`.
    pub(crate) fn sign(&self, claims: &Claims, now: Timestamp) -> Result<String, AuthError> {
        let ring = self.ring.load();
        let key = ring.signer(now).ok_or(AuthError::NoKeyYet)?;
        let private = URL_SAFE_NO_PAD.decode(&key.material.private_key).map_err(failed)?;
        let header = Header { kid: Some(key.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(&private)).map_err(failed)
    }
}

/// What a key is wrapped as: a wrapped key put in the place of another is not opened.
fn wrap_name(kid: &str) -> String {
    format!("signing key {kid}")
}

fn generate() -> Result<KeyMaterial, AuthError> {
    let pair = Ed25519KeyPair::generate().map_err(failed)?;
    let private = pair.to_pkcs8v1().map_err(failed)?;
    Ok(KeyMaterial {
        private_key: URL_SAFE_NO_PAD.encode(private.as_ref()),
        public_key: URL_SAFE_NO_PAD.encode(pair.public_key().as_ref()),
    })
}

fn failed(error: impl std::fmt::Display) -> AuthError {
    AuthError::Crypto(error.to_string())
}
