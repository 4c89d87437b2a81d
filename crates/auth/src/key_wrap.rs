//! Keys as the database keeps them: wrapped by a secret from the settings, so that a copy of the database alone
//! lets nobody sign sessions.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf::{self, HKDF_SHA256, KeyType, Salt};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::AuthError;

/// What a wrapped key begins with. No key in base64url does.
const WRAPPED: &str = "wrapped:";
/// A secret shorter than this can be guessed.
const SHORTEST: usize = 32;
const KEY_BYTES: usize = 32;

/// A secret that keys are wrapped with in the database: AES-256-GCM under a key derived from it.
#[derive(Clone)]
pub struct KeySecret(Arc<RandomizedNonceKey>);

/// How many bytes are derived from a secret.
struct KeyLength;

impl KeyType for KeyLength {
    fn len(&self) -> usize {
        KEY_BYTES
    }
}

/// Without the secret.
impl fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeySecret")
    }
}

/// The secret with this text, unless it is too short.
impl FromStr for KeySecret {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
}

impl KeySecret {
    fn parse(text: &str) -> Result<Self, String> {
        if text.len() < SHORTEST {
            return Err(format!("a secret has {SHORTEST} characters at least: `openssl rand -base64 32` makes one"));
        }
        let failed = |_| "no key can be derived from it".to_owned();
        let mut key = [0; KEY_BYTES];
        let derived = Salt::new(HKDF_SHA256, b"ticketing").extract(text.as_bytes());
        let derived: hkdf::Okm<'_, KeyLength> = derived.expand(&[b"auth keys"], KeyLength).map_err(failed)?;
        derived.fill(&mut key).map_err(failed)?;
        Ok(Self(Arc::new(RandomizedNonceKey::new(&AES_256_GCM, &key).map_err(failed)?)))
    }

    fn wrap(&self, name: &str, key: &str) -> Result<String, AuthError> {
        let mut sealed = key.as_bytes().to_vec();
        let nonce = self.0.seal_in_place_append_tag(Aad::from(name), &mut sealed);
        let nonce = nonce.map_err(|error| AuthError::Crypto(error.to_string()))?;
        Ok(format!("{WRAPPED}{}", URL_SAFE_NO_PAD.encode([nonce.as_ref().as_slice(), &sealed].concat())))
    }

    fn unwrap(&self, name: &str, wrapped: &str) -> Option<String> {
        let mut bytes = URL_SAFE_NO_PAD.decode(wrapped).ok()?;
        let (nonce, sealed) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let key = self.0.open_in_place(nonce, Aad::from(name), sealed).ok()?;
        String::from_utf8(key.to_vec()).ok()
    }
}

/// Wraps and unwraps keys, as the settings say.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeyWrap {
    /// What keys are wrapped with; without it they are kept as they are.
    pub(crate) secret: Option<KeySecret>,
    /// What they may be wrapped with still.
    pub(crate) former: Option<KeySecret>,
}

/// A key from the database.
pub(crate) struct Opened {
    pub(crate) key: String,
    /// Whether it has to be kept in another way from now on.
    pub(crate) is_outdated: bool,
}

impl KeyWrap {
    /// The key `name` as it is to be kept.
    pub(crate) fn close(&self, name: &str, key: &str) -> Result<String, AuthError> {
        self.secret.as_ref().map_or_else(|| Ok(key.to_owned()), |secret| secret.wrap(name, key))
    }

    /// The key `name`, which was kept like this.
    pub(crate) fn open(&self, name: &str, kept: &str) -> Result<Opened, AuthError> {
        let Some(wrapped) = kept.strip_prefix(WRAPPED) else {
            return Ok(Opened { key: kept.to_owned(), is_outdated: self.secret.is_some() });
        };
        let by = |secret: &Option<KeySecret>| secret.as_ref().and_then(|secret| secret.unwrap(name, wrapped));
        let present = by(&self.secret).map(|key| Opened { key, is_outdated: false });
        let former = || by(&self.former).map(|key| Opened { key, is_outdated: self.secret.is_some() });
        present.or_else(former).ok_or(AuthError::WrongKeySecret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(letter: &str) -> Option<KeySecret> {
        Some(KeySecret::parse(&letter.repeat(32)).expect("is long enough"))
    }

    fn wrap(secret: Option<KeySecret>, former: Option<KeySecret>) -> KeyWrap {
        KeyWrap { secret, former }
    }

    fn opened(wrap: &KeyWrap, name: &str, kept: &str) -> Option<(String, bool)> {
        wrap.open(name, kept).ok().map(|opened| (opened.key, opened.is_outdated))
    }

    #[test]
    fn a_wrapped_key_is_opened_by_its_secret_and_name_alone() {
        let ours = wrap(secret("a"), None);
        let kept = ours.close("key 1", "private").expect("wraps");
        assert!(!kept.contains("private") && kept != ours.close("key 1", "private").expect("wraps"), "{kept}");
        assert_eq!(opened(&ours, "key 1", &kept), Some(("private".into(), false)));
        assert_eq!(opened(&ours, "key 2", &kept), None, "one key cannot be put in another's place");
        assert_eq!(opened(&wrap(secret("b"), None), "key 1", &kept), None);
        assert_eq!(opened(&wrap(None, None), "key 1", &kept), None);
        assert_eq!(opened(&ours, "key 1", "wrapped:"), None);
    }

    #[test]
    fn keys_of_before_are_opened_and_outdated() {
        let kept = wrap(secret("a"), None).close("key 1", "private").expect("wraps");
        assert_eq!(opened(&wrap(secret("a"), None), "key 1", "plain"), Some(("plain".into(), true)));
        assert_eq!(opened(&wrap(None, None), "key 1", "plain"), Some(("plain".into(), false)));
        assert_eq!(opened(&wrap(secret("b"), secret("a")), "key 1", &kept), Some(("private".into(), true)));
        assert_eq!(wrap(None, None).close("key 1", "plain").expect("is kept"), "plain");
    }

    #[test]
    fn a_secret_that_could_be_guessed_is_refused_and_none_is_shown() {
        assert!(KeySecret::parse("short").is_err());
        assert_eq!(format!("{:?}", secret("a")), "Some(KeySecret)");
    }
}
