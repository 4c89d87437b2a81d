//! Parsing forms and rendering their errors.

use axum::extract::{FromRequest, Request};
use client::ErrorEntry;
use http::StatusCode;
use maud::{Markup, html};
use serde::de::DeserializeOwned;

use crate::error::PageError;
use crate::visitor::Visitor;

/// A form submitted by a browser.
pub(crate) struct Form<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        // Our own forms always parse.
        let form = axum::Form::from_request(request, state).await;
        form.map(|axum::Form(form)| Self(form)).map_err(|rejection| PageError::Refused(rejection.body_text()))
    }
}

/// The API's validation errors for a form.
#[derive(Default)]
pub(crate) struct FormErrors(Vec<ErrorEntry>);

impl FormErrors {
    /// Errors found here, before the API is called.
    pub(crate) fn new(errors: Vec<ErrorEntry>) -> Self {
        Self(errors)
    }

    /// The validation errors, if that is why the API refused; any other failure is returned as it is.
    ///
    /// # Errors
    /// Any other failure.
    pub(crate) fn of(error: client::Error) -> Result<Self, PageError> {
        match error {
            client::Error::Api { status: StatusCode::BAD_REQUEST, errors, .. } => Ok(Self(errors)),
            error => Err(error.into()),
        }
    }

    /// The errors, in the API's words.
    pub(crate) fn listing(errors: Vec<ErrorEntry>) -> Self {
        Self(errors)
    }

    /// Whether there are no errors.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds an error that the API does not know of.
    pub(crate) fn of_message(message: &str) -> Self {
        Self(vec![ErrorEntry::new("", message)])
    }

    /// Assigns the API's errors that name no field to this one.
    #[must_use]
    pub(crate) fn about(mut self, field: &str) -> Self {
        for error in &mut self.0 {
            error.field.get_or_insert_with(|| field.to_owned());
        }
        self
    }

    /// The errors of one field.
    pub(crate) fn for_field(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |error| error.field.as_deref() == Some(name)).map(|error| error.message.as_str())
    }

    /// The summary of all errors, each linked to its field. Shown above the form.
    pub(crate) fn summary(&self, visitor: &Visitor) -> Markup {
        html! {
            @if !self.0.is_empty() {
                div.error-summary role="alert" tabindex="-1" {
                    h2 { (visitor.text.errors.summary) }
                    ul {
                        @for ErrorEntry { message, field, .. } in &self.0 {
                            @if let Some(field) = field {
                                li { a href={ "#" (field) } { (message) } }
                            } @else {
                                li { (message) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// 400 if there are errors, else 200.
    pub(crate) fn status(&self) -> StatusCode {
        if self.0.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST }
    }
}
