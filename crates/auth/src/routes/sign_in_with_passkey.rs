use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::version::Versioned;
use runtime::audit;
use runtime::http::JsonBody;
use runtime::session::MaybeSignedIn;
use serde::Deserialize;
use serde_json::Value;
use tower_cookies::Cookies;
use utoipa::ToSchema;

use super::dto::AccountResponse;
use super::sign_in::note_failure;
use crate::devices::KnownDevice;
use crate::domain::{CeremonyIsOver, Purpose, User};
use crate::error::AuthError;
use crate::passkeys::Signed;
use crate::state::AuthState;

/// What an authenticator has signed.
#[derive(Deserialize, ToSchema)]
pub(super) struct PasskeySignInRequest {
    /// From `POST /api/users/signin/passkey/begin`.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    ceremony: Value,
    /// What `navigator.credentials.get` has returned, with everything in bytes as base64url without padding.
    #[serde(default)]
    #[schema(value_type = Object, required = true)]
    credential: Value,
}

/// Signs in with a passkey. Its authenticator has made sure who holds it, so nothing else is asked for, also where the
/// password alone would not be enough. A session that comes with the request ends: the new one takes its place.
#[utoipa::path(
    post,
    path = "/api/users/signin/passkey",
    tag = crate::NAME,
    operation_id = "signInWithPasskey",
    request_body = PasskeySignInRequest,
    responses(
        (status = 200, description = "The account, signed in", body = AccountResponse,
            headers(("set-cookie" = String, description = "The session, and another that this browser is recognised by"))),
        (status = 400, description = "The passkey is of no account (`invalid_credentials`), or this has taken longer than five minutes or was done before (`ceremony_over`)", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many requests", body = ErrorBody),
        (status = 503, description = "A part is away", body = ErrorBody),
    )
)]
pub(super) async fn sign_in_with_passkey(
    State(auth): State<AuthState>,
    MaybeSignedIn(before): MaybeSignedIn,
    device: KnownDevice,
    cookies: Cookies,
    JsonBody(body): JsonBody<PasskeySignInRequest>,
) -> Result<Json<AccountResponse>, AuthError> {
    let user = recognise(&auth, &body).await.inspect_err(note_failure)?;
    auth.let_in(&user, before, &device, &cookies).await?;
    Ok(Json(AccountResponse::new(&user)))
}

/// The account whose passkey has signed.
async fn recognise(auth: &AuthState, body: &PasskeySignInRequest) -> Result<Versioned<User>, AuthError> {
    let signed = Signed::parse(&body.credential).map_err(|none| AuthError::of_field("credential", none))?;
    let ceremony = auth.ceremonies.find(&body.ceremony).await?;
    if ceremony.purpose != Purpose::SignIn {
        return Err(CeremonyIsOver.into());
    }
    auth.ceremonies.take(&ceremony).await?;
    let id = signed.user().ok_or(AuthError::InvalidCredentials)?;
    let user = auth.users.get(id).await?.ok_or(AuthError::InvalidCredentials)?;
    audit::concerns(user.id);
    let (before, after) = auth.relying_party.check(&ceremony.challenge, &signed, &user)?;
    auth.users.use_passkey(&user, &before, &after).await?.ok_or(AuthError::InvalidCredentials)
}

#[cfg(test)]
mod tests;
