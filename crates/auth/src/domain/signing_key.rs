use common::time::Timestamp;
use common::version::Version;
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, KeyAlgorithm, OctetKeyPairParameters, OctetKeyPairType,
    PublicKeyUse,
};
use ports::store::{Collection, Index};
use runtime::session::Jwk;
use runtime::store::Aggregate;
use serde::{Deserialize, Serialize};

/// A key that session tokens are signed with.
///
/// Keys are numbered, and the number is the record's id: when two replicas rotate at once, both
/// make the key with the next number, and the store keeps one of them.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SigningKey {
    version: Version,
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

/// The two halves of an Ed25519 key, in base64url without padding.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyMaterial {
    /// The private key in PKCS #8. Readable to who can read auth's database, which is therefore
    /// auth's alone.
    pub(crate) private_key: String,
    pub(crate) public_key: String,
}

impl SigningKey {
    pub(crate) fn new(
        number: u64,
        kid: String,
        material: KeyMaterial,
        created_at: Timestamp,
        signs_from: Timestamp,
    ) -> Self {
        Self { version: Version::FIRST, number, kid, material, created_at, signs_from }
    }

    /// The public half, as other services get it.
    pub(crate) fn published(&self) -> Jwk {
        Jwk {
            common: CommonParameters {
                public_key_use: Some(PublicKeyUse::Signature),
                key_algorithm: Some(KeyAlgorithm::EdDSA),
                key_id: Some(self.kid.clone()),
                ..CommonParameters::default()
            },
            algorithm: AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters {
                key_type: OctetKeyPairType::OctetKeyPair,
                curve: EllipticCurve::Ed25519,
                x: self.material.public_key.clone(),
            }),
        }
    }
}

impl Aggregate for SigningKey {
    const COLLECTION: &'static Collection = &Collection {
        name: "signing_keys",
        indexes: &[Index { name: "number", fields: &["number"], unique: false, only: None }],
    };

    fn id(&self) -> String {
        self.number.to_string()
    }
    fn version(&self) -> Version {
        self.version
    }
    fn set_version(&mut self, version: Version) {
        self.version = version;
    }
}
