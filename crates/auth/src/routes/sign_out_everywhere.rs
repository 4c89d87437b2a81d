use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use runtime::session::SignedIn;
use tower_cookies::Cookies;

use super::dto::DoneResponse;
use crate::error::AuthError;
use crate::state::AuthState;

/// Ends all sessions of the user, this one included.
#[utoipa::path(
    post,
    path = "/api/users/signout-everywhere",
    tag = crate::NAME,
    operation_id = "signOutEverywhere",
    security(("session" = [])),
    responses(
        (status = 200, description = "Signed out everywhere", body = DoneResponse,
            headers(("set-cookie" = String, description = "Removes the session"))),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 503, description = "A part is away", body = ErrorBody),
    )
)]
pub(super) async fn sign_out_everywhere(
    State(auth): State<AuthState>,
    SignedIn(session): SignedIn,
    cookies: Cookies,
) -> Result<Json<DoneResponse>, AuthError> {
    let user = auth.users.get(session.user_id).await?.ok_or(AuthError::SessionEnded)?;
    // If all sessions have been disowned since the account was read, this one among them, it is done.
    if let Some(user) = auth.users.sign_out_everywhere(&user).await? {
        auth.sweep(&user).await?;
    }
    cookies.add(auth.sessions.cookie.cleared());
    Ok(Json(DoneResponse {}))
}

#[cfg(test)]
mod tests {
    use common::events::SessionRevoked;

    use crate::testing::{self, PASSWORD, settings, sign_in, sign_up, start};

    #[tokio::test(flavor = "multi_thread")]
    async fn all_sessions_of_the_user_end_and_nobody_elses() {
        let app = start(settings()).await;
        let mut cookies = vec![sign_up(&app, "ada@example.com").await];
        for _ in 0..3 {
            cookies.push(testing::cookie(&sign_in(&app, "ada@example.com", PASSWORD).await));
        }
        let eve = sign_up(&app, "eve@example.com").await;
        let reply = app.post("/api/users/signout-everywhere").header("cookie", &cookies[0]).send().await;
        assert_eq!(reply.status, 200);
        assert!(testing::is_cleared(&reply), "{:?}", reply.headers);
        for cookie in &cookies {
            assert!(!testing::is_signed_in(&app, cookie).await);
        }
        assert!(testing::is_signed_in(&app, &eve).await);
        app.settle().await;
        assert_eq!(app.published::<SessionRevoked>().await.len(), 4);
        assert_eq!(sign_in(&app, "ada@example.com", PASSWORD).await.status, 200);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn strangers_are_refused() {
        let app = start(settings()).await;
        let reply = app.post("/api/users/signout-everywhere").send().await;
        assert_eq!((reply.status, reply.messages()), (401, vec!["Not authorized"]));
    }
}
