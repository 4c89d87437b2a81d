use common::email::{Email, InvalidEmail};
use common::id::UserId;
use runtime::http::Validator;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::{Password, User};
use crate::error::AuthError;

/// An account as its owner sees it.
#[derive(Serialize, ToSchema)]
pub(super) struct AccountResponse {
    id: UserId,
    email: Email,
}

impl AccountResponse {
    pub(super) fn new(user: &User) -> Self {
        Self { id: user.id, email: user.email().clone() }
    }
}

/// Something with a passkey that was begun.
#[derive(Serialize, ToSchema)]
pub(super) struct BegunResponse {
    /// What finishes it, once and within five minutes.
    ceremony: String,
    /// What to give to `navigator.credentials`, with everything in bytes as base64url without padding. Nothing where
    /// the site has no name that passkeys could belong to.
    #[schema(value_type = Option<Object>)]
    options: Option<Value>,
}

impl BegunResponse {
    pub(super) fn new(ceremony: String, options: Option<Value>) -> Self {
        Self { ceremony, options }
    }
}

/// The password of the account whose session it is.
#[derive(Deserialize, ToSchema)]
pub(super) struct OwnerRequest {
    #[serde(default)]
    #[schema(value_type = String, format = "password", required = true, min_length = 1, examples("lantern by the quay"))]
    password: Value,
}

impl OwnerRequest {
    pub(super) fn parse(&self) -> Result<Password, AuthError> {
        let mut validator = Validator::default();
        let password = validator.take("password", Password::parse(&self.password));
        password.ok_or_else(|| AuthError::Invalid(validator.into_error()))
    }
}

/// Says nothing but that it was done.
#[derive(Serialize, ToSchema)]
pub(super) struct DoneResponse {}

/// Reads a request's e-mail address.
pub(super) fn parse_email(field: &Value) -> Result<Email, InvalidEmail> {
    field.as_str().ok_or(InvalidEmail).and_then(Email::parse)
}
