//! Reading forms, and showing what is wrong with them.

use axum::extract::{FromRequest, Request};
use client::ErrorEntry;
use http::StatusCode;
use maud::{Markup, html};
use serde::de::DeserializeOwned;

use crate::error::PageError;
use crate::visitor::Visitor;

/// A form as a browser sends it.
pub(crate) struct Form<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        // Our own forms are always readable.
        let form = axum::Form::from_request(request, state).await;
        form.map(|axum::Form(form)| Self(form)).map_err(|rejection| PageError::Refused(rejection.body_text()))
    }
}

/// What the API found wrong with a form.
#[derive(Default)]
pub(crate) struct FormErrors(Vec<ErrorEntry>);

impl FormErrors {
    /// What we found ourselves, before the API could be asked.
    pub(crate) fn new(errors: Vec<ErrorEntry>) -> Self {
        Self(errors)
    }

    /// The broken rules, if that is why the API refused; any other failure is not the form's.
    ///
    /// # Errors
    /// Any other failure.
    pub(crate) fn of(error: client::Error) -> Result<Self, PageError> {
        match error {
            client::Error::Api { status: StatusCode::BAD_REQUEST, errors, .. } => Ok(Self(errors)),
            error => Err(error.into()),
        }
    }

    /// What is wrong, in the API's words.
    pub(crate) fn listing(errors: Vec<ErrorEntry>) -> Self {
        Self(errors)
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Something is wrong of which the API knows nothing.
    pub(crate) fn of_message(message: &str) -> Self {
        Self(vec![ErrorEntry { code: String::new(), message: message.to_owned(), field: None }])
    }

    /// What the API says without naming a field is about this one.
    #[must_use]
    pub(crate) fn about(mut self, field: &str) -> Self {
        for error in &mut self.0 {
            error.field.get_or_insert_with(|| field.to_owned());
        }
        self
    }

    /// What is wrong with one field.
    pub(crate) fn for_field(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |error| error.field.as_deref() == Some(name)).map(|error| error.message.as_str())
    }

    /// All that is wrong, each with a link to its field. Goes before the form.
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

    /// 400 if there is something wrong, else 200.
    pub(crate) fn status(&self) -> StatusCode {
        if self.0.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST }
    }
}
