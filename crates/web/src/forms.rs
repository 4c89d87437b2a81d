//! Parsing forms and rendering their errors.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use client::ErrorEntry;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use maud::{Markup, html};
use serde::de::DeserializeOwned;

use crate::error::{ADDRESS_NOT_CONFIRMED, PageError, is_away, is_explained};
use crate::layout::Page;
use crate::visitor::Visitor;

/// A form submitted by a browser.
pub(crate) struct Form<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let sent = request.extensions().get::<Sent>().cloned().unwrap_or_default();
        let (head, body) = request.into_parts();
        let body = Bytes::from_request(Request::from_parts(head.clone(), body), state).await;
        let body = body.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => PageError::TooLarge,
            _ => PageError::Refused(rejection.body_text()),
        })?;
        sent.keep(body.clone());
        // Our own forms always parse.
        let form = axum::Form::from_request(Request::from_parts(head, Body::from(body)), state).await;
        form.map(|axum::Form(form)| Self(form)).map_err(|rejection| PageError::Refused(rejection.body_text()))
    }
}

/// What a form has sent: an error page offers to send it again.
#[derive(Clone, Default)]
pub(crate) struct Sent(Arc<OnceLock<Bytes>>);

impl Sent {
    fn keep(&self, body: Bytes) {
        // Nobody reads a body twice.
        self.0.get_or_init(|| body);
    }

    /// Reads a form that no handler is going to read. One that cannot be read has no fields.
    pub(crate) async fn read(&self, request: Request) {
        if let Ok(body) = Bytes::from_request(request, &()).await {
            self.keep(body);
        }
    }

    /// Its fields, with what was typed.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        let body = self.0.get().map_or(&[][..], |body| &body[..]);
        form_urlencoded::parse(body).into_owned().collect()
    }
}

/// What is wrong with a form: the API's validation errors, or why it could not be taken.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct FormErrors {
    errors: Vec<ErrorEntry>,
    status: StatusCode,
    retry_after: Option<Duration>,
    /// The same was asked for too often: in a while it may be sent again.
    too_often: bool,
    /// What else its reader can do: addresses and the words for them.
    ways: Vec<(String, &'static str)>,
}

impl FormErrors {
    /// The same, where the form calls a field otherwise than the API: pairs of the API's name and the form's.
    #[must_use]
    pub(crate) fn called(mut self, names: &[(&str, &str)]) -> Self {
        for field in self.errors.iter_mut().filter_map(|error| error.field.as_mut()) {
            if let Some((_, here)) = names.iter().find(|(there, _)| there == field) {
                (*here).clone_into(field);
            }
        }
        self
    }

    /// Validation errors.
    pub(crate) fn new(errors: Vec<ErrorEntry>) -> Self {
        Self::answered(StatusCode::BAD_REQUEST, errors, None)
    }

    /// What the API has answered.
    pub(crate) fn answered(status: StatusCode, errors: Vec<ErrorEntry>, retry_after: Option<Duration>) -> Self {
        Self { errors, status, retry_after, ..Self::default() }
    }

    /// The validation errors, if that is why the API refused, or that the form was sent too often; any other failure is
    /// returned as it is.
    ///
    /// # Errors
    /// Any other failure.
    pub(crate) fn of(error: client::Error) -> Result<Self, PageError> {
        match error {
            error if is_explained(&error) => match error {
                client::Error::Api { status, errors, retry_after } => Ok(Self::answered(status, errors, retry_after)),
                error => Err(error.into()),
            },
            client::Error::Api { status: StatusCode::BAD_REQUEST, errors, .. } => Ok(Self::new(errors)),
            client::Error::Api { status: status @ StatusCode::TOO_MANY_REQUESTS, retry_after, .. } => {
                Ok(Self { too_often: true, ..Self::answered(status, Vec::new(), retry_after) })
            }
            error => Err(error.into()),
        }
    }

    /// The same, and `away` if the API does not answer: what was typed stays on the page, to be sent again.
    ///
    /// # Errors
    /// Any other failure.
    pub(crate) fn or_away(error: client::Error, away: &str) -> Result<Self, PageError> {
        if is_away(&error) {
            tracing::warn!(%error, "a form could not be taken");
            return Ok(Self::of_message(StatusCode::SERVICE_UNAVAILABLE, away));
        }
        Self::of(error)
    }

    /// One error that the API does not know of.
    pub(crate) fn of_message(status: StatusCode, message: &str) -> Self {
        Self::answered(status, vec![ErrorEntry::new("", message)], None)
    }

    /// The same on a page with this status.
    #[must_use]
    pub(crate) fn answering(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Whether there are no errors.
    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty() && !self.too_often
    }

    /// The same, with what else its reader can do.
    #[must_use]
    pub(crate) fn leading(self, ways: impl Into<Vec<(String, &'static str)>>) -> Self {
        Self { ways: ways.into(), ..self }
    }

    /// Assigns the API's errors that name no field to this one.
    #[must_use]
    pub(crate) fn about(mut self, field: &str) -> Self {
        for error in &mut self.errors {
            error.field.get_or_insert_with(|| field.to_owned());
        }
        self
    }

    /// The same, with this said of a field that the API refuses.
    #[must_use]
    pub(crate) fn reworded(mut self, field: &str, message: &str) -> Self {
        for error in self.errors.iter_mut().filter(|error| error.field.as_deref() == Some(field)) {
            message.clone_into(&mut error.message);
        }
        self
    }

    /// The same, where the API's words call a field otherwise than its label.
    #[must_use]
    pub(crate) fn labelled(mut self, field: &str, word: &str, label: &str) -> Self {
        for error in self.errors.iter_mut().filter(|error| error.field.as_deref() == Some(field)) {
            if let Some(rest) = error.message.strip_prefix(word).filter(|rest| rest.starts_with(' ')) {
                error.message = format!("{label}{rest}");
            }
        }
        self
    }

    /// The same, with what is said of one field beside another.
    #[must_use]
    pub(crate) fn moved(mut self, from: &str, to: &str) -> Self {
        for error in self.errors.iter_mut().filter(|error| error.field.as_deref() == Some(from)) {
            error.field = Some(to.to_owned());
        }
        self
    }

    /// The errors of one field.
    pub(crate) fn for_field(&self, name: &str) -> impl Iterator<Item = &str> {
        self.errors.iter().filter(move |error| error.field.as_deref() == Some(name)).map(|error| error.message.as_str())
    }

    /// The summary of all errors, each linked to its field. Shown above the form.
    pub(crate) fn summary(&self, visitor: &Visitor) -> Markup {
        let text = &visitor.text.errors;
        html! {
            @if !self.is_empty() {
                div.error-summary role="alert" tabindex="-1" {
                    h2 { @if self.too_often { (text.too_often) } @else { (text.summary) } }
                    ul {
                        @if self.too_often { li { ((text.too_often_words)(self.retry_after.map(|wait| wait.as_secs()))) } }
                        @for ErrorEntry { message, field, .. } in &self.errors {
                            @if let Some(field) = field {
                                li { a href={ "#" (field) } { (message) } }
                            } @else {
                                li { (message) }
                            }
                        }
                    }
                    @if self.errors.iter().any(|error| error.code == ADDRESS_NOT_CONFIRMED) {
                        p { a href="/account" { (visitor.text.addresses.send_again) } }
                    }
                    @for (address, words) in &self.ways { p { a href=(address) { (words) } } }
                }
            }
        }
    }

    /// The page that shows them, if there are any.
    pub(crate) fn on<'a>(&self, page: Page<'a>) -> (StatusCode, HeaderMap, Page<'a>) {
        (self.status, self.headers(), page.failed(!self.is_empty()))
    }

    /// The status of the page that shows them: 200 if there are none.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// When it is worth trying again, if the API says so.
    pub(crate) fn headers(&self) -> HeaderMap {
        let wait = self.retry_after.map(|wait| (header::RETRY_AFTER, HeaderValue::from(wait.as_secs())));
        wait.into_iter().collect()
    }
}
