use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{KeyId, SealingError};

/// What the text of a wrapped key begins with. Another way of wrapping gets another number.
const VERSION: &str = "v1";

/// A data key as it is kept: wrapped by the master key that it names. As text `v1.{master key}.{wrapped}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    pub(super) master: KeyId,
    pub(super) bytes: Vec<u8>,
}

impl WrappedKey {
    /// The master key that it is wrapped by.
    pub fn master(&self) -> KeyId {
        self.master
    }

    /// What wrapping is for, as data that it is bound to.
    pub(super) fn purpose(master: KeyId) -> String {
        format!("data key {VERSION} {master}")
    }
}

impl fmt::Display for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{VERSION}.{}.{}", self.master, URL_SAFE_NO_PAD.encode(&self.bytes))
    }
}

impl FromStr for WrappedKey {
    type Err = SealingError;

    fn from_str(text: &str) -> Result<Self, SealingError> {
        let mut parts = text.split('.');
        let (Some(VERSION), Some(master), Some(bytes), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(SealingError::NotWhatWasSealed);
        };
        let bytes = URL_SAFE_NO_PAD.decode(bytes).map_err(|_| SealingError::NotWhatWasSealed)?;
        Ok(Self { master: master.parse()?, bytes })
    }
}
