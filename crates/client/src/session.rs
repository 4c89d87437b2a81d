use std::fmt;

use common::session_cookie;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

/// The cookies of a visitor: the session's token, and what auth recognises the browser by, as given or as last
/// set by the server.
pub(crate) struct Session {
    secure: bool,
    token: Option<String>,
    device: Option<String>,
    last_set: Vec<HeaderValue>,
}

/// Without the token: whoever reads it in a log could impersonate the visitor.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("signed_in", &self.token.is_some()).finish_non_exhaustive()
    }
}

impl Session {
    pub(crate) fn new(secure: bool, token: Option<String>) -> Self {
        Self { secure, token, device: None, last_set: Vec::new() }
    }

    pub(crate) fn token(&self) -> Option<String> {
        self.token.clone()
    }

    pub(crate) fn device(&self) -> Option<String> {
        self.device.clone()
    }

    pub(crate) fn set_device(&mut self, device: String) {
        self.device = Some(device);
    }

    /// The same cookies under the names that they have over TLS, or without it.
    pub(crate) fn renamed(&self, secure: bool) -> Self {
        Self { secure, token: self.token(), device: self.device(), last_set: Vec::new() }
    }

    pub(crate) fn take_set_cookies(&mut self) -> Vec<HeaderValue> {
        std::mem::take(&mut self.last_set)
    }

    /// Adds the cookies to a request. Those that are not valid header values are left out.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        let session = self.token.as_ref().map(|token| format!("{}={token}", session_cookie::name(self.secure)));
        let device = self.device.as_ref().map(|id| format!("{}={id}", session_cookie::device_name(self.secure)));
        let is_valid = |pair: &String| HeaderValue::try_from(pair.as_str()).is_ok();
        let pairs: Vec<String> = [session, device].into_iter().flatten().filter(is_valid).collect();
        if pairs.is_empty() {
            return;
        }
        if let Ok(mut value) = HeaderValue::try_from(pairs.join("; ")) {
            value.set_sensitive(true);
            headers.insert(COOKIE, value);
        }
    }

    /// Takes over the cookies that a response sets, under either of their names.
    pub(crate) fn note(&mut self, headers: &HeaderMap) {
        for header in headers.get_all(SET_COOKIE) {
            let pair = header.to_str().ok().and_then(|cookie| cookie.split(';').next()?.split_once('='));
            let Some((name, value)) = pair else { continue };
            let value = Some(value.to_owned()).filter(|value| !value.is_empty());
            let has = |named: fn(bool) -> &'static str| [false, true].into_iter().find(|&secure| named(secure) == name);
            if let Some(secure) = has(session_cookie::name) {
                (self.secure, self.token) = (secure, value);
            } else if let Some(secure) = has(session_cookie::device_name) {
                (self.secure, self.device) = (secure, value);
            } else {
                continue;
            }
            self.last_set.push(header.clone());
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
        assert_eq!(session.take_set_cookies(), ["session=; Path=/; Max-Age=0"]);
        assert!(session.take_set_cookies().is_empty());
    }

    #[test]
    fn what_the_browser_is_recognised_by_is_sent_back_beside_the_session_and_outlives_it() {
        let mut session = Session::new(false, None);
        let mut answer = answer("session=abc; Path=/");
        answer.append(SET_COOKIE, HeaderValue::from_static("device=x.y.z; Path=/; HttpOnly"));
        session.note(&answer);
        assert_eq!(sent(&session).as_deref(), Some("session=abc; device=x.y.z"));
        assert_eq!(session.take_set_cookies().len(), 2);
        session.note(&HeaderMap::from_iter([(SET_COOKIE, HeaderValue::from_static("session=; Max-Age=0"))]));
        assert_eq!(sent(&session).as_deref(), Some("device=x.y.z"));
        assert_eq!(sent(&session.renamed(true)).as_deref(), Some("__Host-device=x.y.z"));
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
