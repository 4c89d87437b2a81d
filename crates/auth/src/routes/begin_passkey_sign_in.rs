use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;

use super::dto::BegunResponse;
use crate::domain::Purpose;
use crate::error::AuthError;
use crate::peer::Peer;
use crate::state::AuthState;

/// Begins to sign in without a password.
///
/// The answer is for `navigator.credentials.get`, and what that returns for `POST /api/users/signin/passkey`. Nobody has
/// to say who they are: the passkey does.
#[utoipa::path(
    post,
    path = "/api/users/signin/passkey/begin",
    tag = crate::NAME,
    operation_id = "beginPasskeySignIn",
    responses(
        (status = 200, description = "What an authenticator is asked to sign", body = BegunResponse),
        (status = 400, description = "This site has no name that passkeys could belong to (`no_passkeys_here`)", body = ErrorBody),
        (status = 429, description = "Too many sign-ins", body = ErrorBody,
            headers(("retry-after" = u64, description = "Seconds until it is worth trying again"))),
        (status = 503, description = "A part is away", body = ErrorBody),
    )
)]
pub(super) async fn begin_passkey_sign_in(
    State(auth): State<AuthState>,
    peer: Peer,
) -> Result<Json<BegunResponse>, AuthError> {
    auth.limiter.count_passkey_sign_in(peer).await?;
    let challenge = auth.relying_party.ask_to_sign(&[])?;
    let ceremony = auth.ceremonies.begin(Purpose::SignIn, None, challenge.state).await?;
    Ok(Json(BegunResponse::new(ceremony, Some(challenge.options))))
}
