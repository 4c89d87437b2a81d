use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::connector::{HttpClient, http_client};
use crate::session::Session;
use crate::{BaseUrls, Error};

/// A visitor of the marketplace, signed in or not, depending on the calls made so far.
///
/// Clones share the session and the connections. [`Client::anonymous`] and [`Client::with_session`] create
/// other visitors that share only the connections.
#[derive(Debug, Clone)]
pub struct Client {
    pub(crate) http: HttpClient,
    pub(crate) urls: Arc<BaseUrls>,
    pub(crate) headers: HeaderMap,
    secure: bool,
    session: Arc<Mutex<Session>>,
}

impl Client {
    /// A visitor of the marketplace at this address, not signed in.
    ///
    /// # Errors
    /// If the address is not an absolute HTTP URL, or TLS cannot be set up.
    pub fn new(base_url: &str) -> Result<Self, Error> {
        Self::with_base_urls(BaseUrls::one(base_url)?)
    }

    /// A visitor who reaches each service at its own address, not signed in.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn with_base_urls(urls: BaseUrls) -> Result<Self, Error> {
        let secure = urls.users.starts_with("https:");
        let session = Arc::new(Mutex::new(Session::new(secure, None)));
        Ok(Self { http: http_client()?, urls: Arc::new(urls), headers: HeaderMap::new(), secure, session })
    }

    /// Whether tokens given to [`Client::with_session`] are sent under the name that the cookie has over
    /// TLS. By default they are if the address begins with `https`. Needed by callers behind a
    /// TLS-terminating proxy, which talk plain HTTP to services that are served over TLS.
    #[must_use]
    pub fn with_secure_cookies(self, secure: bool) -> Self {
        let session = self.session().renamed(secure);
        Self { secure, session: Arc::new(Mutex::new(session)), ..self }
    }

    /// Another visitor, who owns the session of this token.
    #[must_use]
    pub fn with_session(&self, token: &str) -> Self {
        self.visitor(Some(token.to_owned()))
    }

    /// Another visitor, not signed in.
    #[must_use]
    pub fn anonymous(&self) -> Self {
        self.visitor(None)
    }

    /// The same visitor, with a header added to every request, such as the address they come from.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The session's token, if signed in.
    pub fn token(&self) -> Option<String> {
        self.session().token()
    }

    /// The same visitor, in the browser that this value of the cookie `device` is for: whoever has signed in
    /// there before has attempts to sign in that strangers cannot use up.
    #[must_use]
    pub fn with_device(self, device: &str) -> Self {
        self.session().set_device(device.to_owned());
        self
    }

    /// What auth recognises this visitor's browser by, if they have signed in or up.
    pub fn device(&self) -> Option<String> {
        self.session().device()
    }

    /// The `Set-Cookie` headers received since the previous call of this method, to be forwarded to the
    /// browser on whose behalf the calls were made.
    pub fn take_set_cookies(&self) -> Vec<HeaderValue> {
        self.session().take_set_cookies()
    }

    pub(crate) fn session(&self) -> MutexGuard<'_, Session> {
        // Nothing panics while holding the lock, and the session would still be consistent if it did.
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn visitor(&self, token: Option<String>) -> Self {
        Self { session: Arc::new(Mutex::new(Session::new(self.secure, token))), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::stub::Stub;

    #[tokio::test]
    async fn the_session_lasts_from_call_to_call_and_belongs_to_one_visitor() {
        let stub = Stub::answering(200, json!({"currentUser": null})).setting("session=abc; Path=/; HttpOnly").await;
        let ada = stub.client();
        ada.current_user().await.expect("an answer");
        ada.clone().current_user().await.expect("an answer");
        ada.anonymous().current_user().await.expect("an answer");
        let cookies: Vec<_> = stub.requests().iter().map(|request| request.cookie.clone()).collect();
        assert_eq!(cookies, [None, Some("session=abc".to_owned()), None]);
        assert_eq!(ada.token().as_deref(), Some("abc"));
    }

    #[tokio::test]
    async fn a_visitor_is_impersonated_by_token_and_the_answers_cookie_passed_on() {
        let stub = Stub::answering(200, json!({"currentUser": null})).setting("session=new; Path=/").await;
        let visitor = stub.client().with_secure_cookies(true).with_session("old");
        let visitor =
            visitor.with_header(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_static("1.2.3.4"));
        visitor.current_user().await.expect("an answer");
        assert_eq!(stub.request().cookie.as_deref(), Some("__Host-session=old"));
        assert_eq!(stub.request().forwarded_for.as_deref(), Some("1.2.3.4"));
        assert_eq!(visitor.take_set_cookies(), ["session=new; Path=/"]);
        assert_eq!(stub.client().token(), None);
    }
}
