//! Errors of page handlers, and the page that shows them.

use std::time::Duration;

use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, header};
use maud::html;

use crate::forms::Sent;
use crate::layout::Page;
use crate::pages::{once_more, sign_in};
use crate::visitor::Visitor;

/// The code of the API's refusal to those who have yet to confirm their address.
pub(crate) const ADDRESS_NOT_CONFIRMED: &str = "address_not_confirmed";

/// Why a page cannot be shown. `visitor::welcome` turns it into a page.
#[derive(Debug, Clone)]
pub(crate) enum PageError {
    /// It does not exist, or not for this visitor.
    NotFound,
    /// It requires a session.
    SignInFirst,
    /// It belongs to another user: signing in as the present one would not help.
    NotTheirs,
    /// The request is invalid; what the API or we say about it.
    Refused(String),
    /// More was sent than is taken.
    TooLarge,
    /// Too many requests.
    TooOften(Option<Duration>),
    /// A form submitted from another site.
    CrossSite,
    /// A service is unreachable; retrying makes sense.
    Away,
    /// What is asked for was made or changed a moment ago and is on its way.
    NotYet,
    /// An internal error.
    Broken,
}

impl PageError {
    /// The response when a handler has panicked.
    pub(crate) fn broken() -> Response {
        Self::Broken.into_response()
    }

    /// Marks a response, so that the page is rendered once the visitor is known.
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
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Away | Self::NotYet => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Whether the same again is worth a try.
    fn may_pass(&self) -> bool {
        match self {
            Self::TooOften(_) | Self::Away | Self::NotYet => true,
            Self::NotFound
            | Self::SignInFirst
            | Self::NotTheirs
            | Self::Refused(_)
            | Self::TooLarge
            | Self::CrossSite
            | Self::Broken => false,
        }
    }

    /// The error page for `visitor`, who has sent a form or, where that is `None`, reads. If signing in helps, the link
    /// leads back here afterwards.
    pub(crate) fn page(&self, visitor: &Visitor, sent: Option<&Sent>) -> Response {
        let text = &visitor.text.errors;
        let (title, words) = match self {
            // The API asks a signed-in visitor to sign in: the resource belongs to somebody else.
            // The sign-in page would redirect straight back here.
            Self::SignInFirst if visitor.user.is_some() => return Self::NotTheirs.page(visitor, sent),
            Self::SignInFirst => {
                // A link cannot resubmit a form, but it can lead back to the form's page.
                let back = if sent.is_none() { visitor.place.as_str() } else { "/" };
                return Redirect::to(&sign_in::address(back)).into_response();
            }
            Self::NotYet if sent.is_none() => return once_more::reading(visitor),
            Self::NotFound => (text.not_found, text.not_found_words.to_owned()),
            Self::NotTheirs => (text.not_theirs, text.not_theirs_words.to_owned()),
            Self::Refused(message) => (text.refused, message.clone()),
            Self::TooLarge => (text.too_large, text.too_large_words.to_owned()),
            Self::TooOften(wait) => (text.too_often, (text.too_often_words)(wait.map(|wait| wait.as_secs()))),
            Self::CrossSite => (text.cross_site, text.cross_site_words.to_owned()),
            Self::Away => (text.away, text.away_words.to_owned()),
            Self::NotYet => (text.not_yet, text.not_yet_words.to_owned()),
            Self::Broken => (text.broken, text.broken_words.to_owned()),
        };
        let main = html! {
            div.notice {
                h1 { (title) }
                p { (words) }
                @if let Some(sent) = sent.filter(|_| self.may_pass()) { (once_more::by_hand(visitor, sent)) }
                p { a.button href="/" { (text.back_to_browse) } }
            }
        };
        let mut response = (self.status(), Page::new(visitor, title, main).failed(true)).into_response();
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

/// How errors of the API are shown unless a handler does better.
impl From<client::Error> for PageError {
    fn from(error: client::Error) -> Self {
        match error {
            ref error if is_not_yet(error) => Self::NotYet,
            client::Error::Api { status, errors, retry_after } => match status {
                StatusCode::UNAUTHORIZED => Self::SignInFirst,
                StatusCode::NOT_FOUND => Self::NotFound,
                StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
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

/// Whether the API asks to try again, because what it needs was made or changed a moment ago.
pub(crate) fn is_not_yet(error: &client::Error) -> bool {
    matches!(error.code(), Some("not_heard_yet" | "ticket_being_changed" | "request_in_progress"))
}

/// Whether the API says what its visitor has done too often or asks for too much, and what they can do about it.
pub(crate) fn is_explained(error: &client::Error) -> bool {
    let explained = [
        ADDRESS_NOT_CONFIRMED,
        "over_budget",
        "too_many_searches",
        "too_many_events",
        "too_many_reservations",
        "reserved_too_often",
        "too_many_payments",
        "too_many_declines",
    ];
    error.code().is_some_and(|code| explained.contains(&code))
}

/// Whether it is not known what became of a request, or nothing did: the same again is worth a try.
pub(crate) fn is_away(error: &client::Error) -> bool {
    match error {
        client::Error::Transport(_) | client::Error::Decode(_) => true,
        client::Error::Api { status, .. } => status.is_server_error(),
        client::Error::BaseUrl(_) => false,
    }
}
