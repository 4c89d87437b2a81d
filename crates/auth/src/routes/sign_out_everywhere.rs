use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use common::errors::ErrorBody;
use http::header;
use runtime::session::SignedIn;

use super::account::Done;
use crate::domain::User;
use crate::error::AuthError;
use crate::state::Auth;

/// Ends all sessions of the user, this one included.
#[utoipa::path(
    post,
    path = "/api/users/signout-everywhere",
    tag = crate::NAME,
    operation_id = "signOutEverywhere",
    security(("session" = [])),
    responses(
        (status = 200, description = "Signed out everywhere", body = Done,
            headers(("set-cookie" = String, description = "Removes the session"))),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 503, description = "A part is away", body = ErrorBody),
    )
)]
pub(super) async fn sign_out_everywhere(
    State(auth): State<Auth>,
    SignedIn(session): SignedIn,
) -> Result<Response, AuthError> {
    let user = auth.users.get(session.user_id).await?.ok_or(AuthError::SessionEnded)?;
    // Where somebody else disowned the sessions in between, this one among them, it is done.
    if let Some(user) = auth.users.change(&user, User::sign_out_everywhere).await? {
        auth.sweep(&user).await?;
    }
    Ok(([(header::SET_COOKIE, auth.sessions.cookie.clear())], Json(Done {})).into_response())
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
        assert!(reply.headers["set-cookie"].to_str().expect("text").contains("Max-Age=0"));
        for cookie in &cookies {
            assert!(!testing::is_signed_in(&app, cookie).await);
        }
        assert!(testing::is_signed_in(&app, &eve).await);
        app.settle().await;
        assert_eq!(app.told::<SessionRevoked>().await.len(), 4);
        assert_eq!(sign_in(&app, "ada@example.com", PASSWORD).await.status, 200);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn strangers_are_refused() {
        let app = start(settings()).await;
        let reply = app.post("/api/users/signout-everywhere").send().await;
        assert_eq!((reply.status, reply.messages()), (401, vec!["Not authorized"]));
    }
}
