use axum::Json;
use axum::extract::State;
use common::email::Email;
use common::errors::ErrorBody;
use common::id::UserId;
use common::time::Timestamp;
use runtime::session::SignedIn;
use serde::Serialize;
use utoipa::ToSchema;

use super::list_passkeys::PasskeysResponse;
use super::list_sessions::SessionResponse;
use crate::error::AuthError;
use crate::state::AuthState;

/// What is kept of an account, but for what proves that somebody is its owner.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountDataResponse {
    id: UserId,
    email: Email,
    /// Whether somebody has shown that they read mail there.
    email_confirmed: bool,
    created_at: Timestamp,
    /// How they sign in, beside the password.
    #[serde(flatten)]
    sign_in: PasskeysResponse,
    /// The sessions that go on.
    sessions: Vec<SessionResponse>,
}

/// What is kept of the caller's account. The rest of what they have here is in their tickets (`?seller=me`), their
/// orders, the payments of these, and their mails.
#[utoipa::path(
    get,
    path = "/api/users/data",
    tag = crate::NAME,
    operation_id = "accountData",
    security(("session" = [])),
    responses(
        (status = 200, description = "The account", body = AccountDataResponse),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 503, description = "A part is away", body = ErrorBody),
    )
)]
pub(super) async fn account_data(
    State(auth): State<AuthState>,
    SignedIn(session): SignedIn,
) -> Result<Json<AccountDataResponse>, AuthError> {
    let user = auth.admitted(&session).await?;
    let sessions = auth.sessions.of_user(&user).await?;
    Ok(Json(AccountDataResponse {
        id: user.id,
        email: user.email().clone(),
        email_confirmed: user.is_confirmed(),
        created_at: user.created_at,
        sign_in: PasskeysResponse::new(&user),
        sessions: sessions.iter().map(|open| SessionResponse::new(open, session.id)).collect(),
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{self, ADA, settings, sign_up, start};

    #[tokio::test(flavor = "multi_thread")]
    async fn everything_is_told_but_what_proves_who_one_is() {
        let app = start(settings()).await;
        let cookie = sign_up(&app, ADA).await;
        let reply = app.get("/api/users/data").header("cookie", &cookie).send().await;
        let (claims, now) = (testing::claims(&cookie), app.clock.now());
        let session = json!({"id": claims.sid, "createdAt": now, "lastUsedAt": now, "isCurrent": true});
        let expected = json!({"id": claims.sub, "email": ADA, "emailConfirmed": false, "createdAt": now,
            "passkeys": [], "secondFactor": false, "recoveryCodesLeft": 0, "sessions": [session]});
        assert_eq!((reply.status, reply.body), (200, expected));
        assert_eq!(app.get("/api/users/data").send().await.status, 401);
    }
}
