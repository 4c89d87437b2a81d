use common::email::{Email, InvalidEmail};
use common::id::UserId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::{FollowedLink, User};
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

/// What a link in a mail carries.
#[derive(Deserialize, ToSchema)]
pub(super) struct LinkRequest {
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    token: Value,
}

impl LinkRequest {
    pub(super) fn followed(&self) -> Result<FollowedLink, AuthError> {
        Ok(FollowedLink::parse(&self.token)?)
    }
}

/// Says nothing but that it was done.
#[derive(Serialize, ToSchema)]
pub(super) struct DoneResponse {}

/// Reads a request's e-mail address.
pub(super) fn parse_email(field: &Value) -> Result<Email, InvalidEmail> {
    field.as_str().ok_or(InvalidEmail).and_then(Email::parse)
}
