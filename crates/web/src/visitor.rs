//! Who is looking: each request's visitor, with their session, language and place.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use client::{Client, CurrentUser, UserId};
use common::time::Timestamp;
use http::request::Parts;
use http::{HeaderValue, Method, header};
use tower_cookies::{Cookie, Cookies};

use crate::error::PageError;
use crate::formats::Formats;
use crate::messages::{ENGLISH, Messages};
use crate::settings::Settings;

/// What all requests share.
#[derive(Clone)]
pub(crate) struct Web {
    settings: Arc<Settings>,
}

/// The person behind a request.
#[derive(Clone)]
pub(crate) struct Visitor {
    /// The API, as this visitor may use it.
    pub(crate) api: Client,
    /// Who they are, if they have signed in.
    pub(crate) user: Option<CurrentUser>,
    /// What we say to them, in their language.
    pub(crate) text: &'static Messages,
    /// How they write dates and money.
    pub(crate) formats: Arc<Formats>,
    /// The moment they asked.
    pub(crate) now: Timestamp,
    /// What they asked for: a path with its query.
    pub(crate) place: String,
}

impl Web {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings: Arc::new(settings) }
    }

    pub(crate) fn is_secure(&self) -> bool {
        self.settings.is_secure()
    }

    /// The time, where much of it may have passed since the visitor asked.
    pub(crate) fn now(&self) -> Timestamp {
        self.settings.clock.now()
    }

    /// Who asks, as far as the request tells.
    fn stranger(&self, request: &Request) -> Visitor {
        Visitor {
            api: (self.settings.api_for)(request),
            user: None,
            text: &ENGLISH,
            formats: Arc::new(Formats::asked_for(request.headers().get(header::ACCEPT_LANGUAGE))),
            now: self.settings.clock.now(),
            place: request.uri().path_and_query().map_or("/", |place| place.as_str()).to_owned(),
        }
    }
}

impl Visitor {
    /// Asks auth who they are. Who has no session is nobody, and costs no call.
    async fn introduce(&mut self) -> Result<(), client::Error> {
        if self.api.token().is_some() {
            self.user = self.api.current_user().await?;
        }
        Ok(())
    }

    /// Their id, or where to send them to get one.
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
        // `welcome` is around every route.
        parts.extensions.get::<Self>().cloned().ok_or(PageError::Broken)
    }
}

/// Finds out who asks, and answers them: shows what failed as a page of theirs, and passes on the
/// session cookie that the API has set on the way.
pub(crate) async fn welcome(State(web): State<Web>, cookies: Cookies, mut request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut visitor = web.stranger(&request);
    let response = match visitor.introduce().await {
        Ok(()) => {
            request.extensions_mut().insert(visitor.clone());
            next.run(request).await
        }
        Err(error) => PageError::from(error).into_response(),
    };
    if let Some(header) = visitor.api.take_set_cookie() {
        pass_on(&header, &cookies);
    }
    match response.extensions().get::<PageError>() {
        Some(error) => error.page(&visitor, is_read),
        None => response,
    }
}

/// Sets the cookie that a `Set-Cookie` header of the API sets.
fn pass_on(header: &HeaderValue, cookies: &Cookies) {
    match header.to_str().map(|text| Cookie::parse(text.to_owned())) {
        Ok(Ok(cookie)) => cookies.add(cookie),
        Ok(Err(_)) | Err(_) => tracing::error!("the API has set a cookie that cannot be read"),
    }
}
