use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use runtime::audit::{self, AuditEvent};
use runtime::http::JsonBody;
use runtime::session::SignedIn;
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::OwnerRequest;
use crate::error::AuthError;
use crate::peer::Peer;
use crate::recovery;
use crate::state::AuthState;

/// Codes for who has lost their passkeys. Nobody is shown them again.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecoveryCodesResponse {
    /// Each is good once.
    #[schema(examples(json!(["7K3M-0PXA-V2ND-9C4T"])))]
    recovery_codes: Vec<String>,
}

/// Asks for a passkey or a recovery code from now on when somebody signs in with the password. Asking again makes new
/// recovery codes, which take the place of those of before.
#[utoipa::path(
    post,
    path = "/api/users/second-factor",
    tag = crate::NAME,
    operation_id = "requireSecondFactor",
    request_body = OwnerRequest,
    security(("session" = [])),
    responses(
        (status = 200, description = "The recovery codes, this once", body = RecoveryCodesResponse),
        (status = 400, description = "The password is missing or wrong, or there is no passkey (`no_passkey`)", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 403, description = "The address has to be confirmed first (`address_not_confirmed`)", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many wrong passwords", body = ErrorBody,
            headers(("retry-after" = u64, description = "Seconds until it is worth trying again"))),
        (status = 503, description = "Too busy, or a part is away", body = ErrorBody),
    )
)]
pub(super) async fn require_second_factor(
    State(auth): State<AuthState>,
    SignedIn(session): SignedIn,
    peer: Peer,
    JsonBody(body): JsonBody<OwnerRequest>,
) -> Result<Json<RecoveryCodesResponse>, AuthError> {
    let user = auth.owner_of_address(&session, peer, body.parse()?).await?;
    let codes = recovery::new_codes()?;
    let hashes: Vec<_> = codes.iter().map(|code| recovery::hash_of(user.id, code)).collect();
    let changed = auth.users.require_second_factor(&user, &hashes, auth.next_notice()).await?;
    changed.ok_or(AuthError::SessionEnded)?;
    audit::record(AuditEvent::SecondFactorRequired);
    let recovery_codes = codes.iter().map(|code| code.reveal()).collect();
    Ok(Json(RecoveryCodesResponse { recovery_codes }))
}
