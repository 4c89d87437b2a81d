use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use common::email::Email;
use common::errors::{ErrorBody, ErrorEntry};
use common::version::Versioned;
use http::StatusCode;
use runtime::audit::{self, AuditEvent};
use runtime::http::{JsonBody, Validator};
use runtime::session::MaybeSignedIn;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_cookies::Cookies;
use utoipa::ToSchema;

use super::dto::{AccountResponse, BegunResponse, parse_email};
use crate::devices::{DeviceId, KnownDevice};
use crate::domain::{Password, Purpose, User};
use crate::error::AuthError;
use crate::passwords::{HashingSlot, Verdict};
use crate::peer::Peer;
use crate::state::AuthState;

/// To how many accounts that claim an address a password is compared: more than anybody makes by mistake, and each costs as
/// much as a sign-in.
const CLAIMS: usize = 3;

/// An account and its password.
#[derive(Deserialize, ToSchema)]
pub(super) struct SignInRequest {
    /// Compared without regard to case.
    #[serde(default)]
    #[schema(value_type = String, format = "email", required = true, max_length = 254, examples("ada@example.com"))]
    email: Value,
    #[serde(default)]
    #[schema(value_type = String, format = "password", required = true, min_length = 1, examples("lantern by the quay"))]
    password: Value,
}

impl SignInRequest {
    fn parse(&self) -> Result<(Email, Password), AuthError> {
        let mut validator = Validator::default();
        let email = validator.take("email", parse_email(&self.email));
        let password = validator.take("password", Password::parse(&self.password));
        email.zip(password).ok_or_else(|| AuthError::Invalid(validator.into_error()))
    }
}

/// The password is right, and not enough.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SecondFactorResponse {
    /// One entry, `second_factor_required`.
    errors: Vec<ErrorEntry>,
    /// What `POST /api/users/signin/second-factor` goes on with.
    second_factor: BegunResponse,
}

impl SecondFactorResponse {
    fn new(second_factor: BegunResponse) -> Self {
        let message = "Show a passkey or a recovery code as well";
        Self { errors: vec![ErrorEntry::new("second_factor_required", message)], second_factor }
    }
}

/// What becomes of a right password.
pub(super) enum SignInAnswer {
    SignedIn(AccountResponse),
    HalfWay(SecondFactorResponse),
}

impl IntoResponse for SignInAnswer {
    fn into_response(self) -> Response {
        match self {
            Self::SignedIn(account) => Json(account).into_response(),
            Self::HalfWay(asked) => (StatusCode::UNAUTHORIZED, Json(asked)).into_response(),
        }
    }
}

/// Signs in. A session that comes with the request ends: the new one takes its place.
#[utoipa::path(
    post,
    path = "/api/users/signin",
    tag = crate::NAME,
    operation_id = "signIn",
    request_body = SignInRequest,
    responses(
        (status = 200, description = "The account, signed in", body = AccountResponse,
            headers(("set-cookie" = String, description = "The session, and another that this browser is recognised by"))),
        (status = 400, description = "Something is invalid, or the credentials are wrong", body = ErrorBody),
        (status = 401, description = "The password is right, and the account asks for more: a passkey or a recovery code (`second_factor_required`)", body = SecondFactorResponse),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many failed sign-ins", body = ErrorBody,
            headers(("retry-after" = u64, description = "Seconds until it is worth trying again"))),
        (status = 503, description = "Too busy, or a part is away", body = ErrorBody),
    )
)]
pub(super) async fn sign_in(
    State(auth): State<AuthState>,
    MaybeSignedIn(before): MaybeSignedIn,
    peer: Peer,
    device: KnownDevice,
    cookies: Cookies,
    JsonBody(body): JsonBody<SignInRequest>,
) -> Result<SignInAnswer, AuthError> {
    let (email, password) = body.parse()?;
    let candidates = candidates(&auth, &email, &device).await?;
    if let Some(account) = candidates.iter().flatten().next() {
        audit::concerns(account.id);
    }
    let attempt = auth.limiter.begin_sign_in(&email, peer, known(&candidates, &device)).await?;
    let slot = auth.passwords.reserve(peer).await?;
    let user = recognise(&auth, &slot, candidates, password).await.inspect_err(note_failure)?;
    audit::concerns(user.id);
    if user.has_second_factor() {
        // The attempt stays counted until the rest of it has succeeded.
        return Ok(SignInAnswer::HalfWay(ask_for_more(&auth, &user).await?));
    }
    if user.holds_address() {
        auth.limiter.succeeded(attempt).await?;
    }
    auth.let_in(&user, before, &device, &cookies).await?;
    Ok(SignInAnswer::SignedIn(AccountResponse::new(&user)))
}

/// Asks whoever has given the right password for the rest.
async fn ask_for_more(auth: &AuthState, user: &User) -> Result<SecondFactorResponse, AuthError> {
    let (options, state) = match auth.relying_party.ask_to_sign(user.passkeys()) {
        Ok(challenge) => (Some(challenge.options), challenge.state),
        // The site has lost its name; codes are good still.
        Err(AuthError::NoPasskeysHere) => (None, String::new()),
        Err(error) => return Err(error),
    };
    let purpose = Purpose::SecondFactor(user.generation);
    let ceremony = auth.ceremonies.begin(purpose, Some(user.id), state).await?;
    Ok(SecondFactorResponse::new(BegunResponse::new(ceremony, options)))
}

pub(super) fn note_failure(error: &AuthError) {
    if matches!(error, AuthError::InvalidCredentials | AuthError::WrongRecoveryCode) {
        audit::record(AuditEvent::SignInFailed);
    }
}

/// The accounts that somebody with this address may mean: the one that holds it, and where addresses have to be
/// confirmed some that claim it. There are as many, whether or not these exist.
async fn candidates(
    auth: &AuthState,
    email: &Email,
    device: &KnownDevice,
) -> Result<Vec<Option<Versioned<User>>>, AuthError> {
    let mut candidates = vec![auth.users.find(email).await?];
    if auth.confirms() {
        candidates.extend(claims(auth, email, device).await?);
    }
    Ok(candidates)
}

/// Of those that claim the address some: first those of this browser. So nobody who claims it later shuts out who has yet
/// to confirm it.
async fn claims(
    auth: &AuthState,
    email: &Email,
    device: &KnownDevice,
) -> Result<[Option<Versioned<User>>; CLAIMS], AuthError> {
    let mut claims: Vec<Versioned<User>> = Vec::new();
    for known in device.accounts() {
        let user = auth.users.get(known).await?;
        claims.extend(user.filter(|user| !user.holds_address() && user.email() == email));
    }
    for claim in auth.users.find_claims(email).await? {
        if claims.iter().all(|known| known.id != claim.id) {
            claims.push(claim);
        }
    }
    let mut claims = claims.into_iter();
    Ok(std::array::from_fn(|_| claims.next()))
}

/// The browser, if the account that holds the address is known there. Of one that only claims it that counts for nothing,
/// as its right password does not: anybody has such an account who wants to guess at the others.
fn known(candidates: &[Option<Versioned<User>>], device: &KnownDevice) -> Option<DeviceId> {
    candidates.iter().flatten().find(|user| user.holds_address()).and_then(|holder| device.of(holder.id))
}

/// The account whose password this is; of several the first. Who does not get into the one that holds the address waits
/// for all others to be looked at, so that the time it takes does not say how many there are.
pub(super) async fn recognise(
    auth: &AuthState,
    slot: &HashingSlot,
    candidates: impl IntoIterator<Item = Option<Versioned<User>>>,
    password: Password,
) -> Result<Versioned<User>, AuthError> {
    let mut recognised = None;
    for candidate in candidates {
        let Some(user) = candidate else {
            // As much work as for an account, so that the time it takes does not say which it was.
            slot.verify_against_nothing(password.clone()).await?;
            continue;
        };
        let verdict = slot.verify(password.clone(), user.password_hash.clone()).await?;
        if verdict == Verdict::Wrong || recognised.is_some() {
            continue;
        }
        let is_holder = user.holds_address();
        recognised = Some((user, verdict));
        if is_holder {
            break;
        }
    }
    let (user, verdict) = recognised.ok_or(AuthError::InvalidCredentials)?;
    if verdict == Verdict::RightButOutdated {
        auth.users.rehash(&user, &slot.hash(password).await?).await?;
    }
    Ok(user)
}

#[cfg(test)]
mod tests;
