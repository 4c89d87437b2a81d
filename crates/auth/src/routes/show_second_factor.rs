use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::version::Versioned;
use runtime::audit::{self, AuditEvent};
use runtime::http::JsonBody;
use runtime::session::MaybeSignedIn;
use serde::Deserialize;
use serde_json::Value;
use tower_cookies::Cookies;
use utoipa::ToSchema;

use super::dto::AccountResponse;
use super::sign_in::note_failure;
use crate::devices::KnownDevice;
use crate::domain::{Ceremony, CeremonyIsOver, Purpose, RecoveryCode, User};
use crate::error::AuthError;
use crate::passkeys::Signed;
use crate::peer::Peer;
use crate::recovery;
use crate::state::AuthState;

/// What is asked for beside the password: one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SecondFactorRequest {
    /// From the answer to `POST /api/users/signin`.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    ceremony: Value,
    /// What `navigator.credentials.get` has returned, with everything in bytes as base64url without padding.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    credential: Value,
    /// In capitals or small letters, with the dashes or without them.
    #[serde(default)]
    #[schema(value_type = Option<String>, examples("7K3M-0PXA-V2ND-9C4T"))]
    recovery_code: Value,
}

/// What somebody shows.
enum Shown {
    Passkey(Box<Signed>),
    Code(RecoveryCode),
}

/// There was nothing.
#[derive(Debug, thiserror::Error)]
#[error("You must supply a passkey or a recovery code")]
struct NothingShown;

impl SecondFactorRequest {
    fn parse(&self) -> Result<Shown, AuthError> {
        if !self.credential.is_null() {
            let signed = Signed::parse(&self.credential).map_err(|none| AuthError::of_field("credential", none))?;
            return Ok(Shown::Passkey(Box::new(signed)));
        }
        match self.recovery_code.as_str() {
            Some(typed) if !typed.trim().is_empty() => {
                RecoveryCode::read(typed).map(Shown::Code).ok_or(AuthError::WrongRecoveryCode)
            }
            _ => Err(AuthError::of_field("recoveryCode", NothingShown)),
        }
    }
}

/// Signs in whoever has given the right password, and shows a passkey or a recovery code. A wrong code can be followed
/// by another; each counts as a failed sign-in.
#[utoipa::path(
    post,
    path = "/api/users/signin/second-factor",
    tag = crate::NAME,
    operation_id = "showSecondFactor",
    request_body = SecondFactorRequest,
    responses(
        (status = 200, description = "The account, signed in", body = AccountResponse,
            headers(("set-cookie" = String, description = "The session, and another that this browser is recognised by"))),
        (status = 400, description = "Nothing was shown, it is not the account's (`invalid_credentials`), or this has taken longer than five minutes or was done before (`ceremony_over`)", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many failed sign-ins", body = ErrorBody,
            headers(("retry-after" = u64, description = "Seconds until it is worth trying again"))),
        (status = 503, description = "A part is away", body = ErrorBody),
    )
)]
pub(super) async fn show_second_factor(
    State(auth): State<AuthState>,
    MaybeSignedIn(before): MaybeSignedIn,
    peer: Peer,
    device: KnownDevice,
    cookies: Cookies,
    JsonBody(body): JsonBody<SecondFactorRequest>,
) -> Result<Json<AccountResponse>, AuthError> {
    let shown = body.parse()?;
    let (ceremony, generation, user) = half_way(&auth, &body.ceremony).await?;
    audit::concerns(user.id);
    let attempt = auth.limiter.begin_sign_in(user.email(), peer, device.of(user.id)).await?;
    let user = match shown {
        Shown::Passkey(signed) => by_passkey(&auth, &ceremony, &signed, &user).await,
        Shown::Code(code) => by_code(&auth, &ceremony, generation, &code, &user).await,
    };
    let user = user.inspect_err(note_failure)?;
    auth.limiter.succeeded(attempt).await?;
    auth.let_in(&user, before, &device, &cookies).await?;
    Ok(Json(AccountResponse::new(&user)))
}

/// Where somebody is who has given the right password: in which generation of which account.
async fn half_way(auth: &AuthState, token: &Value) -> Result<(Ceremony, u64, Versioned<User>), AuthError> {
    let ceremony = auth.ceremonies.find(token).await?.value;
    let (Purpose::SecondFactor(generation), Some(id)) = (ceremony.purpose, ceremony.user_id) else {
        return Err(CeremonyIsOver.into());
    };
    let user = auth.users.get(id).await?.filter(|user| user.generation == generation).ok_or(CeremonyIsOver)?;
    Ok((ceremony, generation, user))
}

async fn by_passkey(
    auth: &AuthState,
    ceremony: &Ceremony,
    signed: &Signed,
    user: &User,
) -> Result<Versioned<User>, AuthError> {
    auth.ceremonies.take(ceremony).await?;
    let (before, after) = auth.relying_party.check(&ceremony.challenge, signed, user)?;
    auth.users.use_passkey(user, &before, &after).await?.ok_or(AuthError::InvalidCredentials)
}

/// The code is taken first: of several who show it at once one is let in, and a wrong one can be followed by another.
async fn by_code(
    auth: &AuthState,
    ceremony: &Ceremony,
    generation: u64,
    code: &RecoveryCode,
    user: &User,
) -> Result<Versioned<User>, AuthError> {
    let hash = recovery::hash_of(user.id, code);
    let used = auth.users.use_recovery_code(user, generation, &hash, auth.next_notice()).await?;
    let used = used.ok_or(AuthError::WrongRecoveryCode)?;
    audit::record(AuditEvent::RecoveryCodeUsed);
    auth.ceremonies.take(ceremony).await?;
    Ok(used)
}

#[cfg(test)]
mod tests;
