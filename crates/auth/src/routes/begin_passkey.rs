use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use runtime::http::JsonBody;
use runtime::session::SignedIn;

use super::dto::{BegunResponse, OwnerRequest};
use crate::domain::Purpose;
use crate::error::AuthError;
use crate::peer::Peer;
use crate::state::AuthState;

/// Begins to add a passkey.
///
/// The answer is for `navigator.credentials.create`, and what that returns for `POST /api/users/passkeys`.
#[utoipa::path(
    post,
    path = "/api/users/passkeys/begin",
    tag = crate::NAME,
    operation_id = "beginPasskey",
    request_body = OwnerRequest,
    security(("session" = [])),
    responses(
        (status = 200, description = "What an authenticator is asked for", body = BegunResponse),
        (status = 400, description = "The password is missing or wrong, or this site has no name that passkeys could belong to (`no_passkeys_here`)", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 403, description = "The address has to be confirmed first (`address_not_confirmed`)", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many wrong passwords", body = ErrorBody,
            headers(("retry-after" = u64, description = "Seconds until it is worth trying again"))),
        (status = 503, description = "Too busy, or a part is away", body = ErrorBody),
    )
)]
pub(super) async fn begin_passkey(
    State(auth): State<AuthState>,
    SignedIn(session): SignedIn,
    peer: Peer,
    JsonBody(body): JsonBody<OwnerRequest>,
) -> Result<Json<BegunResponse>, AuthError> {
    let user = auth.owner_of_address(&session, peer, body.parse()?).await?;
    let challenge = auth.relying_party.ask_for_new(&user)?;
    let ceremony = auth.ceremonies.begin(Purpose::AddPasskey(session.id), Some(user.id), challenge.state).await?;
    Ok(Json(BegunResponse::new(ceremony, Some(challenge.options))))
}
