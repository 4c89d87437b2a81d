use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use mongodb::bson::Document;
use ports::clock::Clock;
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};

use super::{Engine, ServiceName, System};

/// The claims of a session token, as `runtime::session::Claims` reads them.
#[derive(Serialize)]
struct Claims {
    sub: String,
    email: String,
    sid: String,
    iat: i64,
    exp: u64,
}

/// The record of a signing key in auth's database.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SigningKey {
    kid: String,
    private_key: String,
}

/// The id of the session of the stranger with this number.
pub(super) fn session_id(number: usize) -> String {
    format!("{:024x}", 0x5e55_0000 + number)
}

impl System {
    /// Sessions of so many different users. Signing them up would take two minutes of hashing; these are
    /// signed with auth's own key from its database.
    ///
    /// # Errors
    /// If there is no key.
    pub(crate) async fn strangers(&self, count: usize) -> Result<Vec<String>> {
        let key = self.signing_key().await.context("auth's key")?;
        let header = Header { kid: Some(key.kid), ..Header::new(Algorithm::EdDSA) };
        let secret = EncodingKey::from_ed_der(&URL_SAFE_NO_PAD.decode(&key.private_key)?);
        // A session lasts thirty days at the most.
        let iat = Clock::system().now().as_secs();
        let one = |number: usize| {
            let (sub, sid) = (format!("{:024x}", 0x5afe_0000 + number), session_id(number));
            let claims =
                Claims { sub, sid, email: format!("stranger{number}@example.com"), iat, exp: u64::from(u32::MAX) };
            Ok(jsonwebtoken::encode(&header, &claims, &secret)?)
        };
        (0..count).map(one).collect()
    }

    async fn signing_key(&self) -> Result<SigningKey> {
        match self.engine {
            Engine::Embedded => {
                let file = self.data.path().join("data/ticketing.db");
                let database = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
                let newest = "SELECT body FROM \"auth.signing_keys\" ORDER BY id DESC LIMIT 1";
                let body: String = database.query_row(newest, [], |row| row.get(0))?;
                Ok(serde_json::from_str(&body)?)
            }
            Engine::Real => {
                let keys =
                    self.mongodb().await?.database(ServiceName::Auth.as_str()).collection::<Document>("signing_keys");
                let key = keys.find_one(Document::new()).await?.context("there is none")?;
                Ok(mongodb::bson::deserialize_from_document(key)?)
            }
        }
    }
}
