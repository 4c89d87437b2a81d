use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use runtime::audit::{self, AuditEvent};
use runtime::http::JsonBody;
use runtime::session::SignedIn;

use super::dto::{DoneResponse, OwnerRequest};
use crate::error::AuthError;
use crate::peer::Peer;
use crate::state::AuthState;

/// Asks for nothing but the password from now on. The recovery codes are void, and passkeys stay. Doing it once more
/// changes nothing and succeeds.
#[utoipa::path(
    post,
    path = "/api/users/second-factor/end",
    tag = crate::NAME,
    operation_id = "dropSecondFactor",
    request_body = OwnerRequest,
    security(("session" = [])),
    responses(
        (status = 200, description = "The password is enough", body = DoneResponse),
        (status = 400, description = "The password is missing or wrong", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many wrong passwords", body = ErrorBody,
            headers(("retry-after" = u64, description = "Seconds until it is worth trying again"))),
        (status = 503, description = "Too busy, or a part is away", body = ErrorBody),
    )
)]
pub(super) async fn drop_second_factor(
    State(auth): State<AuthState>,
    SignedIn(session): SignedIn,
    peer: Peer,
    JsonBody(body): JsonBody<OwnerRequest>,
) -> Result<Json<DoneResponse>, AuthError> {
    let user = auth.owner(&session, peer, body.parse()?).await?;
    if auth.users.drop_second_factor(&user, auth.next_notice()).await? {
        audit::record(AuditEvent::SecondFactorDropped);
    }
    Ok(Json(DoneResponse {}))
}
