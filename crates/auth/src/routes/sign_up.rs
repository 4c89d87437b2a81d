use axum::Json;
use axum::extract::State;
use common::email::Email;
use common::errors::ErrorBody;
use common::id::UserId;
use common::version::Versioned;
use http::StatusCode;
use runtime::audit::{self, AuditEvent};
use runtime::http::{JsonBody, Validator};
use runtime::session::MaybeSignedIn;
use serde::Deserialize;
use serde_json::Value;
use tower_cookies::Cookies;
use utoipa::ToSchema;

use super::dto::{AccountResponse, parse_email};
use crate::devices::KnownDevice;
use crate::domain::{NewPassword, PasswordHash, User};
use crate::error::AuthError;
use crate::peer::Peer;
use crate::state::{AuthState, Opening};

/// An account to be made.
#[derive(Deserialize, ToSchema)]
pub(super) struct SignUpRequest {
    /// Compared without regard to case.
    #[serde(default)]
    #[schema(value_type = String, format = "email", required = true, max_length = 254, examples("ada@example.com"))]
    email: Value,
    /// Any characters, but neither one of the most common passwords nor the address.
    #[serde(default)]
    #[schema(value_type = String, format = "password", required = true, min_length = 8, max_length = 128, examples("lantern by the quay"))]
    password: Value,
}

impl SignUpRequest {
    fn parse(&self) -> Result<(Email, NewPassword), AuthError> {
        let mut validator = Validator::default();
        let email = validator.take("email", parse_email(&self.email));
        let password = NewPassword::parse(&self.password);
        let password = match &email {
            Some(email) => password.and_then(|password| password.for_account(email)),
            None => password,
        };
        let password = validator.take("password", password);
        email.zip(password).ok_or_else(|| AuthError::Invalid(validator.into_error()))
    }
}

/// Makes an account and signs it in. A session that comes with the request ends. Where addresses have to be confirmed,
/// the answer does not say whether the address has an account: its owner gets a mail that does.
#[utoipa::path(
    post,
    path = "/api/users/signup",
    tag = crate::NAME,
    operation_id = "signUp",
    request_body = SignUpRequest,
    responses(
        (status = 201, description = "The account, signed in", body = AccountResponse,
            headers(("set-cookie" = String, description = "The session, and another that this browser is recognised by"))),
        (status = 400, description = "Something is invalid, or the e-mail address has an account (which is not said where addresses have to be confirmed)", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many sign-ups", body = ErrorBody,
            headers(("retry-after" = u64, description = "Seconds until it is worth trying again"))),
        (status = 503, description = "Too busy, or a part is away", body = ErrorBody),
    )
)]
pub(super) async fn sign_up(
    State(auth): State<AuthState>,
    MaybeSignedIn(before): MaybeSignedIn,
    peer: Peer,
    device: KnownDevice,
    cookies: Cookies,
    JsonBody(body): JsonBody<SignUpRequest>,
) -> Result<(StatusCode, Json<AccountResponse>), AuthError> {
    let (email, password) = body.parse()?;
    auth.limiter.count_sign_up(&email, peer).await?;
    let slot = auth.passwords.reserve(peer).await?;
    let holder = auth.users.find(&email).await?.map(|holder| holder.id);
    if holder.is_some() && !auth.confirms() {
        return Err(AuthError::EmailInUse);
    }
    let hash = slot.hash(password.into_password()).await?;
    let user = add(&auth, email, hash, holder, peer).await?;
    let token = auth.open_session(&user, Opening { before, device: &device, is_told: false }).await?;
    auth.hand_out(&cookies, token, &user, &device);
    audit::concerns(user.id);
    audit::record(AuditEvent::SignedUp);
    Ok((StatusCode::CREATED, Json(AccountResponse::new(&user))))
}

/// The new account. Where it has to confirm its address, it is the same whether or not another holds that one.
async fn add(
    auth: &AuthState,
    email: Email,
    hash: PasswordHash,
    holder: Option<UserId>,
    peer: Peer,
) -> Result<Versioned<User>, AuthError> {
    let now = auth.clock.now();
    let id = auth.ids.next(now);
    if !auth.confirms() {
        return auth.users.add(User::sign_up(id, email, hash, now), None).await;
    }
    // Who has had too many mails sent gets an account and no mail: they can ask for one later.
    let is_told = match auth.limiter.count_letter(&email, peer).await {
        Ok(()) => true,
        Err(AuthError::TooManyAttempts { .. }) => false,
        Err(error) => return Err(error),
    };
    let mut user = User::claim(id, email, hash, now);
    let notice = auth.next_notice().filter(|_| is_told).map(|notice| user.ask_to_confirm(holder, notice, now));
    auth.users.add(user, notice).await
}

#[cfg(test)]
mod tests;
