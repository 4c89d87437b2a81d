use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use runtime::audit::{self, AuditEvent};
use runtime::session::MaybeSignedIn;
use tower_cookies::Cookies;

use super::dto::DoneResponse;
use crate::error::AuthError;
use crate::state::AuthState;

/// Signs out: ends the session in every service. Without a session it does no harm.
#[utoipa::path(
    post,
    path = "/api/users/signout",
    tag = crate::NAME,
    operation_id = "signOut",
    security((), ("session" = [])),
    responses(
        (status = 200, description = "Signed out", body = DoneResponse,
            headers(("set-cookie" = String, description = "Removes the session"))),
        (status = 503, description = "A part is away: still signed in", body = ErrorBody),
    )
)]
pub(super) async fn sign_out(
    State(auth): State<AuthState>,
    MaybeSignedIn(session): MaybeSignedIn,
    cookies: Cookies,
) -> Result<Json<DoneResponse>, AuthError> {
    if let Some(session) = session {
        auth.sessions.end(session.id).await?;
        audit::record(AuditEvent::SessionsEnded);
    }
    if cookies.get(auth.sessions.cookie.name()).is_some() {
        cookies.add(auth.sessions.cookie.cleared());
    }
    Ok(Json(DoneResponse {}))
}

#[cfg(test)]
mod tests {
    use common::events::{EndedSessions, SessionRevoked};
    use runtime::session::TOKEN_LIFE;
    use serde_json::json;

    use crate::testing::{self, settings, sign_up, start};

    #[tokio::test(flavor = "multi_thread")]
    async fn signing_out_ends_the_session_everywhere_at_once() {
        let app = start(settings()).await;
        let cookie = sign_up(&app, "ada@example.com").await;
        let signed_in_at = app.clock.now();
        let reply = app.post("/api/users/signout").header("cookie", &cookie).send().await;
        assert_eq!((reply.status, &reply.body), (200, &json!({})));
        assert!(testing::is_cleared(&reply), "{:?}", reply.headers);
        assert!(!testing::is_signed_in(&app, &cookie).await, "the old cookie is still good");
        app.settle().await;
        let sessions = EndedSessions::One { session_id: testing::claims(&cookie).sid };
        let ended = SessionRevoked { sessions, expires_at: signed_in_at + TOKEN_LIFE };
        assert_eq!(app.published::<SessionRevoked>().await, [ended]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn signing_out_without_a_session_is_fine_and_publishes_nothing() {
        let app = start(settings()).await;
        let cookie = sign_up(&app, "ada@example.com").await;
        for _ in 0..2 {
            assert_eq!(app.post("/api/users/signout").header("cookie", &cookie).send().await.status, 200);
        }
        for (cookie, is_there) in [("session=nonsense", true), ("other=1", false)] {
            let reply = app.post("/api/users/signout").header("cookie", cookie).send().await;
            assert_eq!((reply.status, &reply.body), (200, &json!({})));
            assert_eq!(reply.headers.contains_key("set-cookie"), is_there, "only what came is cleared: {cookie}");
        }
        assert_eq!(app.post("/api/users/signout").send().await.status, 200);
        app.settle().await;
        assert_eq!(app.published::<SessionRevoked>().await.len(), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn signing_out_leaves_the_users_other_sessions_alone() {
        let app = start(settings()).await;
        let phone = sign_up(&app, "ada@example.com").await;
        let laptop = testing::cookie(&testing::sign_in(&app, "ada@example.com", testing::PASSWORD).await);
        app.post("/api/users/signout").header("cookie", &phone).send().await;
        assert!(testing::is_signed_in(&app, &laptop).await);
    }
}
