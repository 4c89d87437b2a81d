use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id::PasskeyId;
use common::time::Timestamp;
use runtime::session::SignedIn;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Passkey, User};
use crate::error::AuthError;
use crate::state::AuthState;

/// A passkey of the caller.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PasskeyResponse {
    id: PasskeyId,
    /// What its owner calls it.
    #[schema(examples("My phone"))]
    name: String,
    created_at: Timestamp,
    /// When somebody has signed in with it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Timestamp>,
}

impl PasskeyResponse {
    pub(super) fn new(passkey: &Passkey) -> Self {
        Self {
            id: passkey.id,
            name: passkey.name.as_str().to_owned(),
            created_at: passkey.created_at,
            last_used_at: passkey.last_used_at,
        }
    }
}

/// How the caller signs in, beside the password.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PasskeysResponse {
    /// The oldest first.
    pub(super) passkeys: Vec<PasskeyResponse>,
    /// Whether the password alone lets nobody in.
    pub(super) second_factor: bool,
    /// How many recovery codes have not been used.
    pub(super) recovery_codes_left: usize,
}

impl PasskeysResponse {
    pub(super) fn new(user: &User) -> Self {
        Self {
            passkeys: user.passkeys().iter().map(PasskeyResponse::new).collect(),
            second_factor: user.has_second_factor(),
            recovery_codes_left: user.recovery_codes_left(),
        }
    }
}

/// The passkeys of the caller, and what is asked for beside the password.
///
/// Of a passkey only what its owner calls it is told, and when it was used.
#[utoipa::path(
    get,
    path = "/api/users/passkeys",
    tag = crate::NAME,
    operation_id = "listPasskeys",
    security(("session" = [])),
    responses(
        (status = 200, description = "The passkeys", body = PasskeysResponse),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 503, description = "A part is away", body = ErrorBody),
    )
)]
pub(super) async fn list_passkeys(
    State(auth): State<AuthState>,
    SignedIn(session): SignedIn,
) -> Result<Json<PasskeysResponse>, AuthError> {
    let user = auth.admitted(&session).await?;
    Ok(Json(PasskeysResponse::new(&user)))
}
