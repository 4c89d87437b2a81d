use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::email::Email;
use common::id::{IdGenerator, SessionId, UserId};
use common::time::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use runtime::session::{Claims, JwkSet, TOKEN_LIFE};

/// A signed-in user.
#[derive(Debug, Clone)]
pub struct TestUser {
    /// Their id.
    pub id: UserId,
    /// Their address.
    pub email: Email,
    /// The value of their `Cookie` header.
    pub cookie: String,
}

/// Signs session tokens in place of the auth service.
pub(crate) struct SigningKey {
    signing: EncodingKey,
    public: String,
}

impl SigningKey {
    pub(crate) fn generate() -> Self {
        let pair = Ed25519KeyPair::generate().expect("there is randomness");
        let der = pair.to_pkcs8v1().expect("a key can be written");
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        Self { signing: EncodingKey::from_ed_der(der.as_ref()), public }
    }

    pub(crate) fn published(&self) -> JwkSet {
        let key =
            serde_json::json!({"kty": "OKP", "crv": "Ed25519", "x": self.public, "kid": "harness", "alg": "EdDSA"});
        serde_json::from_value(serde_json::json!({"keys": [key]})).expect("a key set")
    }

    pub(crate) fn sign_in(&self, ids: &IdGenerator, now: Timestamp, is_confirmed: bool) -> TestUser {
        let id: UserId = ids.next(now);
        let email = Email::parse(&format!("user-{id}@example.com")).expect("an address");
        let session: SessionId = ids.next(now);
        let claims = Claims {
            sub: id,
            email: email.clone(),
            sid: session,
            iat: now.as_secs(),
            exp: (now + TOKEN_LIFE).as_secs(),
            began: Some(now.as_millis()),
            unconfirmed: !is_confirmed,
            unproven: !is_confirmed,
        };
        let header = Header { kid: Some("harness".into()), ..Header::new(Algorithm::EdDSA) };
        let token = jsonwebtoken::encode(&header, &claims, &self.signing).expect("signs");
        TestUser { id, email, cookie: format!("session={token}") }
    }
}
