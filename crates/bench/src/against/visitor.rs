use anyhow::Result;
use bytes::Bytes;
use serde_json::{Value, json};

use super::contract::{self, SIGN_UP};
use super::site::Site;
use crate::load::{Connection, request};

/// Good for every password rule that implementations of the contract have: 8 to 20 characters, and not common.
const PASSWORD: &str = "horse7Battery9";

/// Somebody who asks a site, as a browser would: with the cookies that came with the account.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    host: String,
    cookies: Option<String>,
}

impl Visitor {
    /// Nobody in particular.
    pub(super) fn stranger(site: &Site) -> Self {
        Self { host: site.host.clone(), cookies: None }
    }

    /// Somebody with a new account.
    ///
    /// # Errors
    /// If the answer is not the contract's.
    pub(super) async fn sign_up(site: &Site, email: &str) -> Result<Self> {
        let stranger = Self::stranger(site);
        let form = stranger.post(SIGN_UP.path, &json!({"email": email, "password": PASSWORD}));
        let mut auth = Connection::open(site.auth).await?;
        let answer = auth.exchange(&form).await?;
        contract::check(&SIGN_UP, &answer)?;
        let cookies = contract::cookies(&answer)?;
        Ok(Self { cookies: Some(cookies), ..stranger })
    }

    /// The bytes of a `GET` by them.
    pub(super) fn get(&self, path: &str) -> Bytes {
        request("GET", path, &self.headers(), None)
    }

    /// The bytes of a `POST` of JSON by them.
    pub(super) fn post(&self, path: &str, body: &Value) -> Bytes {
        request("POST", path, &self.headers(), Some(body))
    }

    fn headers(&self) -> [(&str, Option<&str>); 2] {
        [("host", Some(&self.host)), ("cookie", self.cookies.as_deref())]
    }
}
