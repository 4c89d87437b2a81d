use common::email::{Email, InvalidEmail};
use common::id::UserId;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::User;

/// An account as its owner sees it.
#[derive(Serialize, ToSchema)]
pub(super) struct AccountResponse {
    id: UserId,
    email: Email,
}

impl From<&User> for AccountResponse {
    fn from(user: &User) -> Self {
        Self { id: user.id, email: user.email.clone() }
    }
}

/// An answer that says nothing but that it was done.
#[derive(Serialize, ToSchema)]
pub(super) struct Done {}

/// Reads a request's e-mail address.
pub(super) fn email(field: &Value) -> Result<Email, InvalidEmail> {
    field.as_str().ok_or(InvalidEmail).and_then(Email::parse)
}
