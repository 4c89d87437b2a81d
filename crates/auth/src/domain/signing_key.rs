use common::outcome::Outcome;
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A key that session tokens are signed with.
///
/// Keys are numbered, and the number is the record's id: when two replicas rotate at once, both
/// make the key with the next number, and the store keeps one of them.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SigningKey {
    pub(crate) number: u64,
    /// Names the key in tokens. Unlike the number it is never used again, not even by another
    /// database, so whoever has cached a key under this name has the right one.
    pub(crate) kid: String,
    #[serde(flatten)]
    pub(crate) material: KeyMaterial,
    pub(crate) created_at: Timestamp,
    /// From when on it signs. Until then it is only published, so that everybody has it by then.
    pub(crate) signs_from: Timestamp,
}

impl SigningKey {
    /// From now on it is kept as `wrapped`, if it is still kept as `before`.
    pub(crate) fn rewrap(&mut self, before: &str, wrapped: &str) -> Outcome<()> {
        if self.material.private_key != before {
            return Outcome::Unchanged;
        }
        wrapped.clone_into(&mut self.material.private_key);
        Outcome::Changed(())
    }
}

/// The two halves of an Ed25519 key, in base64url without padding.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyMaterial {
    /// The private key in PKCS #8; in the database it is wrapped, if the settings name a secret. Otherwise
    /// whoever can read auth's database can read it, which is why that database is auth's alone.
    pub(crate) private_key: String,
    pub(crate) public_key: String,
}
