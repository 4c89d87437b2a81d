use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id;
use runtime::audit::{self, AuditEvent};
use runtime::http::{JsonBody, PathId};
use runtime::session::SignedIn;

use super::dto::{DoneResponse, OwnerRequest};
use crate::error::AuthError;
use crate::peer::Peer;
use crate::state::AuthState;

/// Removes a passkey: it lets nobody in any more. With the last one goes what is asked for beside the password, and the
/// recovery codes.
#[utoipa::path(
    post,
    path = "/api/users/passkeys/{id}/remove",
    tag = crate::NAME,
    operation_id = "removePasskey",
    request_body = OwnerRequest,
    security(("session" = [])),
    params(("id" = id::PasskeyId, Path, description = "The passkey")),
    responses(
        (status = 200, description = "It is gone", body = DoneResponse),
        (status = 400, description = "The password is missing or wrong", body = ErrorBody),
        (status = 404, description = "The caller has no such passkey", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many wrong passwords", body = ErrorBody,
            headers(("retry-after" = u64, description = "Seconds until it is worth trying again"))),
        (status = 503, description = "Too busy, or a part is away", body = ErrorBody),
    )
)]
pub(super) async fn remove_passkey(
    State(auth): State<AuthState>,
    SignedIn(session): SignedIn,
    PathId(id): PathId<id::Passkey>,
    peer: Peer,
    JsonBody(body): JsonBody<OwnerRequest>,
) -> Result<Json<DoneResponse>, AuthError> {
    let user = auth.owner(&session, peer, body.parse()?).await?;
    auth.users.remove_passkey(&user, id, auth.next_notice()).await?.ok_or(AuthError::NotFound)?;
    audit::record(AuditEvent::PasskeyRemoved);
    Ok(Json(DoneResponse {}))
}
