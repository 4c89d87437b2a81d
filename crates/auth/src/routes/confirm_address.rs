use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::version::Versioned;
use runtime::audit::{self, AuditEvent};
use runtime::http::JsonBody;
use runtime::session::{MaybeSignedIn, Session};
use serde::Deserialize;
use serde_json::Value;
use tower_cookies::Cookies;
use utoipa::ToSchema;

use super::dto::DoneResponse;
use super::sign_in::{note_failure, recognise};
use crate::devices::KnownDevice;
use crate::domain::{FollowedLink, Password, User};
use crate::error::AuthError;
use crate::peer::Peer;
use crate::state::AuthState;

/// An address to be confirmed.
#[derive(Deserialize, ToSchema)]
pub(super) struct ConfirmAddressRequest {
    /// What a mail's link carries.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    token: Value,
    /// The password of the account that the link is of; not needed in a session of that account.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "password", min_length = 1, examples("lantern by the quay"))]
    password: Value,
}

impl ConfirmAddressRequest {
    fn parse(&self) -> Result<(FollowedLink, Option<Password>), AuthError> {
        let link = FollowedLink::parse(&self.token)?;
        let password = match &self.password {
            Value::Null => None,
            typed => Some(Password::parse(typed).map_err(|missing| AuthError::of_field("password", missing))?),
        };
        Ok((link, password))
    }
}

/// Who follows a link, and from where.
struct Follower<'a> {
    /// Their session, if it is one of the link's account.
    session: Option<&'a Session>,
    password: Option<Password>,
    peer: Peer,
    device: &'a KnownDevice,
}

/// Confirm an address with what a mail's link carries.
///
/// It can be done once, by somebody whose account it is: in a session of that account, or with its password. Whoever
/// reads the mail may be a stranger to the account, which somebody has made with their address. From then on the account
/// may do everything. If it is another address than the account had, all its sessions end.
#[utoipa::path(
    post,
    path = "/api/users/confirm",
    tag = crate::NAME,
    operation_id = "confirmAddress",
    request_body = ConfirmAddressRequest,
    security((), ("session" = [])),
    responses(
        (status = 200, description = "The address is confirmed", body = DoneResponse,
            headers(("set-cookie" = String, description = "A fresh token, if a session of the account comes with the request"))),
        (status = 400, description = "The link was followed before or is too old (`link_over`), the password is wrong, or another account has the address by now (`address_taken`)", body = ErrorBody),
        (status = 403, description = "Neither a session of the account nor its password has come with the link, which stays good (`sign_in_to_confirm`)", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many requests, or wrong passwords", body = ErrorBody,
            headers(("retry-after" = u64, description = "Seconds until it is worth trying again"))),
        (status = 503, description = "Too busy, or a part is away", body = ErrorBody),
    )
)]
pub(super) async fn confirm_address(
    State(auth): State<AuthState>,
    MaybeSignedIn(session): MaybeSignedIn,
    peer: Peer,
    device: KnownDevice,
    cookies: Cookies,
    JsonBody(body): JsonBody<ConfirmAddressRequest>,
) -> Result<Json<DoneResponse>, AuthError> {
    let (link, password) = body.parse()?;
    let user = auth.users.get(link.user).await?.ok_or(AuthError::LinkIsOver)?;
    user.check_confirmation(&link, auth.clock.now())?;
    audit::concerns(user.id);
    let session = session.filter(|session| session.user_id == user.id);
    let follower = Follower { session: session.as_ref(), password, peer, device: &device };
    let owner = owner(&auth, user, follower).await?;
    let user = auth.users.confirm_address(&owner, &link, auth.next_notice()).await?;
    if user.has_pending_sweep() {
        auth.sweep(&user).await?;
    }
    audit::record(AuditEvent::AddressConfirmed);
    if let Some(session) = session {
        // What the session may do from now on; one that has ended meanwhile stays so.
        match auth.renew(&session).await {
            Ok(token) => cookies.add(token.cookie),
            Err(AuthError::SessionEnded) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Json(DoneResponse {}))
}

/// The account, which whoever follows its link has shown to be theirs.
async fn owner(auth: &AuthState, user: Versioned<User>, follower: Follower<'_>) -> Result<Versioned<User>, AuthError> {
    if let Some(session) = follower.session {
        match auth.admitted(session).await {
            Err(AuthError::SessionEnded) => {}
            admitted => return admitted,
        }
    }
    let password = follower.password.ok_or(AuthError::SignInToConfirm)?;
    let attempt = auth.limiter.begin_sign_in(user.email(), follower.peer, follower.device.of(user.id)).await?;
    let slot = auth.passwords.reserve(follower.peer).await?;
    let owner = recognise(auth, &slot, vec![Some(user)], password).await.inspect_err(note_failure)?;
    // Who is asked for more at the sign-in has not shown that here: what was counted stays counted. Nor does the password
    // of an account forgive guesses at others whose address it only claims.
    if owner.holds_address() && !owner.has_second_factor() {
        auth.limiter.succeeded(attempt).await?;
    }
    Ok(owner)
}

#[cfg(test)]
mod tests;
