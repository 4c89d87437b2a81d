use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{self, HKDF_SHA256, KeyType, Prk, Salt};
use zeroize::Zeroizing;

use super::SealingError;
use super::chunks::{DATA_KEY_BYTES, TAG};

/// A secret shorter than this can be guessed.
const SHORTEST: usize = 32;
const KEY_BYTES: usize = 32;
const ID_BYTES: usize = 8;

/// Names a master key. It is derived from the key, so nobody can give two keys one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; ID_BYTES]);

/// A secret from the settings that wraps data keys: AES-256-GCM-SIV under a key derived from it.
#[derive(Clone)]
pub struct MasterKey {
    id: KeyId,
    key: Arc<LessSafeKey>,
}

/// How many bytes are derived from a secret.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for KeyId {
    type Err = SealingError;

    fn from_str(text: &str) -> Result<Self, SealingError> {
        let mut bytes = [0; ID_BYTES];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| SealingError::NotWhatWasSealed)?;
        let id = Self(bytes);
        // One key, one text: upper case is not ours.
        if id.to_string() == text { Ok(id) } else { Err(SealingError::NotWhatWasSealed) }
    }
}

/// Without the key.
impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id)
    }
}

/// The key with this text, unless it is too short.
impl FromStr for MasterKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() < SHORTEST {
            return Err(format!(
                "a master key has {SHORTEST} characters at least: `openssl rand -base64 32` makes one"
            ));
        }
        Self::derive(text).map_err(|_| "no key can be derived from it".to_owned())
    }
}

impl MasterKey {
    fn derive(text: &str) -> Result<Self, aws_lc_rs::error::Unspecified> {
        let secret = Salt::new(HKDF_SHA256, b"ticketing").extract(text.as_bytes());
        let (mut id, mut key) = ([0; ID_BYTES], Zeroizing::new([0; KEY_BYTES]));
        expand(&secret, b"delivery master key id", &mut id)?;
        expand(&secret, b"delivery master key", key.as_mut_slice())?;
        let key = UnboundKey::new(&AES_256_GCM_SIV, key.as_slice())?;
        Ok(Self { id: KeyId(id), key: Arc::new(LessSafeKey::new(key)) })
    }

    /// What wrapped keys call it.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// `data_key` with a random nonce before it and the tag after it. The randomness is the system's, not that of the
    /// library, which no simulation could repeat.
    pub(super) fn wrap(&self, data_key: &[u8], bound_to: &[u8]) -> Result<Vec<u8>, SealingError> {
        // With room for the tag: a vector that moved would leave the key where it was.
        let mut sealed = Vec::with_capacity(data_key.len() + TAG);
        sealed.extend_from_slice(data_key);
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|_| SealingError::Failed)?;
        let unique = Nonce::assume_unique_for_key(nonce);
        self.key
            .seal_in_place_append_tag(unique, Aad::from(bound_to), &mut sealed)
            .map_err(|_| SealingError::Failed)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub(super) fn unwrap(&self, wrapped: &[u8], bound_to: &[u8]) -> Option<Zeroizing<[u8; DATA_KEY_BYTES]>> {
        let mut bytes = Zeroizing::new(wrapped.to_vec());
        let (nonce, sealed) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let opened = self.key.open_in_place(nonce, Aad::from(bound_to), sealed).ok()?;
        Some(Zeroizing::new((&*opened).try_into().ok()?))
    }
}

fn expand(secret: &Prk, purpose: &[u8], into: &mut [u8]) -> Result<(), aws_lc_rs::error::Unspecified> {
    let purpose = [purpose];
    let derived: hkdf::Okm<'_, Length> = secret.expand(&purpose, Length(into.len()))?;
    derived.fill(into)
}
