use std::fmt;

use common::session_cookie;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

/// The session cookie: its token, as given or as last set by the server.
pub(crate) struct Session {
    secure: bool,
    token: Option<String>,
    last_set: Option<HeaderValue>,
}

/// Without the token: whoever reads it in a log could impersonate the visitor.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("signed_in", &self.token.is_some()).finish_non_exhaustive()
    }
}

impl Session {
    pub(crate) fn new(secure: bool, token: Option<String>) -> Self {
        Self { secure, token, last_set: None }
    }

    pub(crate) fn token(&self) -> Option<String> {
        self.token.clone()
    }

    pub(crate) fn take_set_cookie(&mut self) -> Option<HeaderValue> {
        self.last_set.take()
    }

    /// Adds the cookie to a request. A token that is not a valid header value is left out.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        let pair = self.token.as_ref().map(|token| format!("{}={token}", session_cookie::name(self.secure)));
        if let Some(Ok(mut value)) = pair.map(HeaderValue::try_from) {
            value.set_sensitive(true);
            headers.insert(COOKIE, value);
        }
    }

    /// Takes over the cookie that a response sets, under either of its names.
    pub(crate) fn note(&mut self, headers: &HeaderMap) {
        for value in headers.get_all(SET_COOKIE) {
            let pair = value.to_str().ok().and_then(|cookie| cookie.split(';').next()?.split_once('='));
            let Some((name, token)) = pair else { continue };
            let Some(secure) = [false, true].into_iter().find(|&secure| session_cookie::name(secure) == name) else {
                continue;
            };
            self.secure = secure;
            self.token = Some(token.to_owned()).filter(|token| !token.is_empty());
            self.last_set = Some(value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(cookie: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(SET_COOKIE, HeaderValue::from_static(cookie))])
    }

    fn sent(session: &Session) -> Option<String> {
        let mut headers = HeaderMap::new();
        session.apply(&mut headers);
        headers.get(COOKIE).map(|value| value.to_str().expect("plain").to_owned())
    }

    #[test]
    fn a_cookie_is_sent_back_under_the_name_it_was_set_with() {
        let mut session = Session::new(false, None);
        assert_eq!(sent(&session), None);
        session.note(&answer("__Host-session=abc=; HttpOnly; Path=/; Secure"));
        assert_eq!(sent(&session).as_deref(), Some("__Host-session=abc="));
        session.note(&answer("theme=dark"));
        assert_eq!(session.token().as_deref(), Some("abc="));
    }

    #[test]
    fn an_emptied_cookie_signs_out() {
        let mut session = Session::new(false, Some("abc".into()));
        session.note(&answer("session=; Path=/; Max-Age=0"));
        assert_eq!((session.token(), sent(&session)), (None, None));
        assert_eq!(session.take_set_cookie(), Some(HeaderValue::from_static("session=; Path=/; Max-Age=0")));
        assert_eq!(session.take_set_cookie(), None);
    }

    #[test]
    fn the_token_stays_out_of_debug_output() {
        let mut session = Session::new(false, Some("first-secret".into()));
        session.note(&answer("session=second-secret; Path=/"));
        assert_eq!(format!("{session:?}"), "Session { signed_in: true, .. }");
    }

    #[test]
    fn a_given_token_is_sent_under_the_name_that_fits_the_scheme() {
        assert_eq!(sent(&Session::new(false, Some("t".into()))).as_deref(), Some("session=t"));
        assert_eq!(sent(&Session::new(true, Some("t".into()))).as_deref(), Some("__Host-session=t"));
        assert_eq!(sent(&Session::new(true, Some("t\nx: y".into()))), None);
    }
}
