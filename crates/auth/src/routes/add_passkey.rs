use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use http::StatusCode;
use runtime::audit::{self, AuditEvent};
use runtime::http::{JsonBody, Validator};
use runtime::session::SignedIn;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::list_passkeys::PasskeyResponse;
use crate::domain::{CeremonyIsOver, Passkey, PasskeyName, Purpose};
use crate::error::AuthError;
use crate::passkeys::Made;
use crate::state::AuthState;

/// What an authenticator has made.
#[derive(Deserialize, ToSchema)]
pub(super) struct AddPasskeyRequest {
    /// From `POST /api/users/passkeys/begin`.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    ceremony: Value,
    /// What its owner calls it.
    #[serde(default)]
    #[schema(value_type = String, required = true, min_length = 1, max_length = 64, examples("My phone"))]
    name: Value,
    /// What `navigator.credentials.create` has returned, with everything in bytes as base64url without padding.
    #[serde(default)]
    #[schema(value_type = Object, required = true)]
    credential: Value,
}

impl AddPasskeyRequest {
    fn parse(&self) -> Result<(PasskeyName, Made), AuthError> {
        let mut validator = Validator::default();
        let name = validator.take("name", PasskeyName::parse(self.name.as_str().unwrap_or_default()));
        let made = validator.take("credential", Made::parse(&self.credential));
        name.zip(made).ok_or_else(|| AuthError::Invalid(validator.into_error()))
    }
}

/// Adds a passkey, with which its owner signs in from now on, without a password.
///
/// What is sent is what the browser has made of the answer of `POST /api/users/passkeys/begin`.
#[utoipa::path(
    post,
    path = "/api/users/passkeys",
    tag = crate::NAME,
    operation_id = "addPasskey",
    request_body = AddPasskeyRequest,
    security(("session" = [])),
    responses(
        (status = 201, description = "The passkey", body = PasskeyResponse),
        (status = 400, description = "The name is invalid, this has taken longer than five minutes or was done before (`ceremony_over`), the passkey is none for this site or is an account's already (`passkey_refused`), or there are as many as an account can have (`too_many_passkeys`)", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many requests", body = ErrorBody),
        (status = 503, description = "A part is away", body = ErrorBody),
    )
)]
pub(super) async fn add_passkey(
    State(auth): State<AuthState>,
    SignedIn(session): SignedIn,
    JsonBody(body): JsonBody<AddPasskeyRequest>,
) -> Result<(StatusCode, Json<PasskeyResponse>), AuthError> {
    let (name, made) = body.parse()?;
    let user = auth.admitted(&session).await?;
    let ceremony = auth.ceremonies.find(&body.ceremony).await?;
    if ceremony.purpose != Purpose::AddPasskey(session.id) {
        return Err(CeremonyIsOver.into());
    }
    auth.ceremonies.take(&ceremony).await?;
    let credential = auth.relying_party.read_new(&ceremony.challenge, &made)?;
    auth.credentials.claim(&credential, user.id).await?;
    let now = auth.clock.now();
    let passkey = Passkey { id: auth.ids.next(now), name, created_at: now, last_used_at: None, credential };
    auth.users.add_passkey(&user, &passkey, auth.next_notice()).await?;
    audit::record(AuditEvent::PasskeyAdded);
    Ok((StatusCode::CREATED, Json(PasskeyResponse::new(&passkey))))
}

#[cfg(test)]
mod tests;
