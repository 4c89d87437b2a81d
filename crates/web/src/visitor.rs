//! The visitor behind a request, with session, language and path.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use client::{Client, CurrentUser, UserId};
use common::time::Timestamp;
use formats::Formats;
use http::request::Parts;
use http::{HeaderValue, Method, header};
use tower_cookies::{Cookie, Cookies};

use crate::about::About;
use crate::error::PageError;
use crate::forms::Sent;
use crate::headers;
use crate::messages::{ENGLISH, Messages};
use crate::settings::Settings;

/// State shared by all requests.
#[derive(Clone)]
pub(crate) struct Web {
    settings: Arc<Settings>,
}

/// The person behind a request.
#[derive(Clone)]
pub(crate) struct Visitor {
    /// The API client with this visitor's session.
    pub(crate) api: Client,
    /// The signed-in user, if any.
    pub(crate) user: Option<CurrentUser>,
    /// The texts in the visitor's language.
    pub(crate) text: &'static Messages,
    /// The formats of the visitor's locale.
    pub(crate) formats: Arc<Formats>,
    /// What whoever runs this marketplace says.
    pub(crate) about: Arc<About>,
    /// When the request arrived.
    pub(crate) now: Timestamp,
    /// The requested path with its query.
    pub(crate) place: String,
    /// The address of the whole site, without a path, if it is known.
    pub(crate) site: Option<Arc<str>>,
}

impl Web {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings: Arc::new(settings) }
    }

    /// The present time, for handlers that may have waited since the request arrived.
    pub(crate) fn now(&self) -> Timestamp {
        self.settings.clock.now()
    }

    /// The request's context: what is known before auth is asked.
    fn stranger(&self, request: &Request) -> Visitor {
        let languages = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Visitor {
            api: (self.settings.api_for)(request),
            user: None,
            text: &ENGLISH,
            formats: Arc::new(Formats::asked_for(languages.unwrap_or_default())),
            about: self.settings.about.clone(),
            now: self.settings.clock.now(),
            place: request.uri().path_and_query().map_or("/", |place| place.as_str()).to_owned(),
            site: self.settings.public_url.as_deref().map(Arc::from),
        }
    }
}

impl Visitor {
    /// Asks auth for the current user. Without a session cookie no call is made.
    async fn introduce(&mut self) -> Result<(), client::Error> {
        if self.api.token().is_some() {
            self.user = self.api.current_user().await?;
        }
        Ok(())
    }

    /// The whole address of a path, if that of the site is known.
    pub(crate) fn address(&self, path: &str) -> Option<String> {
        self.site.as_ref().map(|site| format!("{site}{path}"))
    }

    /// The user's id, or a redirect to sign in.
    ///
    /// # Errors
    /// If they have not signed in.
    pub(crate) fn id(&self) -> Result<UserId, PageError> {
        match &self.user {
            Some(user) => Ok(user.id),
            None => Err(PageError::SignInFirst),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, PageError> {
        // `welcome` wraps every route.
        parts.extensions.get::<Self>().cloned().ok_or(PageError::Broken)
    }
}

/// Identifies the visitor of each request, renders errors as pages, and forwards the cookies that the API
/// has set on the way.
pub(crate) async fn welcome(State(web): State<Web>, cookies: Cookies, mut request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut sent = (!is_read).then(Sent::default);
    let mut visitor = web.stranger(&request);
    let has_session = visitor.api.token().is_some();
    let response = match visitor.introduce().await {
        Ok(()) => {
            request.extensions_mut().insert(visitor.clone());
            if let Some(sent) = &sent {
                request.extensions_mut().insert(sent.clone());
            }
            next.run(request).await
        }
        Err(error) => {
            // Whoever sends it again sends it from this site: another's form must not come back as ours.
            sent = sent.filter(|_| is_ours(&request));
            if let Some(sent) = &sent {
                sent.read(request).await;
            }
            PageError::from(error).into_response()
        }
    };
    for header in visitor.api.take_set_cookies() {
        pass_on(&header, &cookies);
    }
    let mut response = match response.extensions().get::<PageError>() {
        Some(error) => error.page(&visitor, sent.as_ref()),
        None => response,
    };
    if has_session {
        headers::keep_nowhere(&mut response);
    }
    response
}

/// Whether the browser says that a form is from a page of this site.
fn is_ours(request: &Request) -> bool {
    request.headers().get("sec-fetch-site").is_some_and(|site| site == "same-origin")
}

/// Sets a cookie from a `Set-Cookie` header of the API.
fn pass_on(header: &HeaderValue, cookies: &Cookies) {
    match header.to_str().map(|text| Cookie::parse(text.to_owned())) {
        Ok(Ok(cookie)) => cookies.add(cookie),
        Ok(Err(_)) | Err(_) => tracing::error!("the API has set a cookie that cannot be read"),
    }
}
