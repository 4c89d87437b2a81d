//! Signing keys as other services get them: a JSON Web Key Set (RFC 7517) of Ed25519 keys (RFC 8037).

use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, KeyAlgorithm, OctetKeyPairParameters, OctetKeyPairType,
    PublicKeyUse,
};
use runtime::session::{Jwk, JwkSet};

use crate::domain::SigningKey;

/// The public halves of these keys.
pub(crate) fn key_set<'a>(keys: impl Iterator<Item = &'a SigningKey>) -> JwkSet {
    JwkSet { keys: keys.map(public_half).collect() }
}

fn public_half(key: &SigningKey) -> Jwk {
    Jwk {
        common: CommonParameters {
            public_key_use: Some(PublicKeyUse::Signature),
            key_algorithm: Some(KeyAlgorithm::EdDSA),
            key_id: Some(key.kid.clone()),
            ..CommonParameters::default()
        },
        algorithm: AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters {
            key_type: OctetKeyPairType::OctetKeyPair,
            curve: EllipticCurve::Ed25519,
            x: key.material.public_key.clone(),
        }),
    }
}
