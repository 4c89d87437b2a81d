//! What can go wrong with a page, and the page that says so.

use std::time::Duration;

use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, header};
use maud::html;

use crate::layout::Page;
use crate::pages::sign_in;
use crate::visitor::Visitor;

/// Why there is no page. `visitor::welcome` makes it one.
#[derive(Debug, Clone)]
pub(crate) enum PageError {
    /// There is nothing there, or nothing for this visitor.
    NotFound,
    /// Only for who has signed in.
    SignInFirst,
    /// Somebody else's: signing in, as who they are, would not help.
    NotTheirs,
    /// The request makes no sense; what the API or we say about it.
    Refused(String),
    /// Asked too often.
    TooOften(Option<Duration>),
    /// A form of another site.
    CrossSite,
    /// A part we need is away; trying again is right.
    Away,
    /// Our fault.
    Broken,
}

impl PageError {
    /// What is answered when a handler has panicked.
    pub(crate) fn broken() -> Response {
        Self::Broken.into_response()
    }

    /// Marks a response, so that the page is made once it is known for whom.
    pub(crate) fn marked(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignInFirst => StatusCode::UNAUTHORIZED,
            Self::NotTheirs => StatusCode::FORBIDDEN,
            Self::Refused(_) => StatusCode::BAD_REQUEST,
            Self::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Away => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The page for `visitor`. Where signing in helps, that page is shown the way back.
    pub(crate) fn page(&self, visitor: &Visitor, is_read: bool) -> Response {
        let text = &visitor.text.errors;
        let (title, words) = match self {
            // The API asks who has signed in already to sign in: it wants somebody else.
            // The page to sign in would lead straight back here.
            Self::SignInFirst if visitor.user.is_some() => return Self::NotTheirs.page(visitor, is_read),
            Self::SignInFirst => {
                // A form cannot be sent again by a link; the page it is on can be shown again.
                let back = if is_read { visitor.place.as_str() } else { "/" };
                return Redirect::to(&sign_in::address(back)).into_response();
            }
            Self::NotFound => (text.not_found, text.not_found_words.to_owned()),
            Self::NotTheirs => (text.not_theirs, text.not_theirs_words.to_owned()),
            Self::Refused(message) => (text.refused, message.clone()),
            Self::TooOften(wait) => (text.too_often, (text.too_often_words)(wait.map(|wait| wait.as_secs()))),
            Self::CrossSite => (text.cross_site, text.cross_site_words.to_owned()),
            Self::Away => (text.away, text.away_words.to_owned()),
            Self::Broken => (text.broken, text.broken_words.to_owned()),
        };
        let main = html! {
            div.notice {
                h1 { (title) }
                p { (words) }
                p { a.button href="/" { (text.back_to_browse) } }
            }
        };
        let mut response = (self.status(), Page::new(visitor, title, main)).into_response();
        if let Self::TooOften(Some(wait)) = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
        }
        response
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        self.marked()
    }
}

/// How the API's refusals are shown where a handler has no better idea.
impl From<client::Error> for PageError {
    fn from(error: client::Error) -> Self {
        match error {
            client::Error::Api { status, errors, retry_after } => match status {
                StatusCode::UNAUTHORIZED => Self::SignInFirst,
                StatusCode::NOT_FOUND => Self::NotFound,
                StatusCode::TOO_MANY_REQUESTS => Self::TooOften(retry_after),
                StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => Self::Away,
                status if status.is_client_error() => {
                    let messages: Vec<_> = errors.into_iter().map(|error| error.message).collect();
                    Self::Refused(messages.join(". "))
                }
                _ => Self::Broken,
            },
            client::Error::Transport(_) => {
                tracing::warn!(%error, "a service does not answer");
                Self::Away
            }
            client::Error::Decode(reason) | client::Error::BaseUrl(reason) => {
                tracing::error!(reason, "a service's answer is not understood");
                Self::Broken
            }
        }
    }
}
