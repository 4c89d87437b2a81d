use common::session_cookie;
use http::{HeaderMap, HeaderValue, header};

use super::claims::TOKEN_LIFE;

/// The cookie that carries the token. Its name depends on whether we are served over TLS.
#[derive(Debug, Clone, Copy)]
pub struct SessionCookie {
    secure: bool,
}

impl SessionCookie {
    /// The cookie as it is set over TLS (`secure`) or over plain HTTP.
    pub fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        session_cookie::name(self.secure)
    }

    /// The `Set-Cookie` value that signs in with `token`.
    ///
    /// # Panics
    /// Never: tokens consist of characters that headers may hold.
    pub fn set(self, token: &str) -> HeaderValue {
        let cookie = format!("{}={token}; {}; Max-Age={}", self.name(), self.attributes(), TOKEN_LIFE.as_secs());
        HeaderValue::try_from(cookie).expect("tokens are plain ASCII")
    }

    /// The `Set-Cookie` value that signs out.
    ///
    /// # Panics
    /// Never.
    pub fn clear(self) -> HeaderValue {
        let cookie = format!("{}=; {}; Max-Age=0", self.name(), self.attributes());
        HeaderValue::try_from(cookie).expect("plain ASCII")
    }

    /// The token among a request's cookies.
    pub fn read(self, headers: &HeaderMap) -> Option<&str> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|cookies| cookies.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .find(|(name, _)| *name == self.name())
            .map(|(_, token)| token)
    }

    fn attributes(self) -> &'static str {
        if self.secure { "HttpOnly; SameSite=Lax; Path=/; Secure" } else { "HttpOnly; SameSite=Lax; Path=/" }
    }
}
