use axum::extract::State;
use common::errors::ErrorBody;
use common::id;
use http::StatusCode;
use runtime::audit::{self, AuditEvent};
use runtime::http::PathId;
use runtime::session::SignedIn;
use tower_cookies::Cookies;

use crate::error::AuthError;
use crate::state::AuthState;

/// Ends one of the caller's sessions, in every service. Ending it once more changes nothing and succeeds.
#[utoipa::path(
    delete,
    path = "/api/users/sessions/{id}",
    tag = crate::NAME,
    operation_id = "endSession",
    security(("session" = [])),
    params(("id" = id::SessionId, Path, description = "The session")),
    responses(
        (status = 204, description = "The session has ended",
            headers(("set-cookie" = String, description = "Removes the session, if it is the one that asks"))),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 404, description = "The caller has no such session", body = ErrorBody),
        (status = 429, description = "Too many requests", body = ErrorBody),
        (status = 503, description = "A part is away", body = ErrorBody),
    )
)]
pub(super) async fn end_session(
    State(auth): State<AuthState>,
    SignedIn(session): SignedIn,
    PathId(id): PathId<id::Session>,
    cookies: Cookies,
) -> Result<StatusCode, AuthError> {
    auth.admitted(&session).await?;
    let stored = auth.sessions.store.get(id).await?;
    let theirs = stored.filter(|stored| stored.user_id == session.user_id).ok_or(AuthError::NotFound)?;
    auth.sessions.end(theirs.id).await?;
    audit::record(AuditEvent::SessionsEnded);
    if id == session.id {
        cookies.add(auth.sessions.cookie.cleared());
    }
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use common::events::{EndedSessions, SessionRevoked};
    use harness::{Harness, Reply};

    use crate::testing::{self, ADA, PASSWORD, settings, sign_in, sign_up, start};

    async fn end(app: &Harness, cookie: &str, session: impl std::fmt::Display) -> Reply {
        app.delete(&format!("/api/users/sessions/{session}")).header("cookie", cookie).send().await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_session_ends_and_the_others_go_on() {
        let app = start(settings()).await;
        let phone = sign_up(&app, ADA).await;
        let laptop = testing::cookie(&sign_in(&app, ADA, PASSWORD).await);
        let lost = testing::claims(&phone).sid;
        for _ in 0..2 {
            let reply = end(&app, &laptop, lost).await;
            assert_eq!(reply.status, 204, "{:?}", reply.body);
            assert!(!reply.headers.contains_key("set-cookie"), "{:?}", reply.headers);
        }
        assert!(!testing::is_signed_in(&app, &phone).await);
        assert!(testing::is_signed_in(&app, &laptop).await);
        app.settle().await;
        let ended: Vec<_> = app.published::<SessionRevoked>().await.into_iter().map(|event| event.sessions).collect();
        assert_eq!(ended, [EndedSessions::One { session_id: lost }]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_session_that_asks_can_be_ended_too() {
        let app = start(settings()).await;
        let cookie = sign_up(&app, ADA).await;
        let reply = end(&app, &cookie, testing::claims(&cookie).sid).await;
        assert_eq!(reply.status, 204);
        assert!(testing::is_cleared(&reply), "{:?}", reply.headers);
        assert!(!testing::is_signed_in(&app, &cookie).await);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nobody_ends_somebody_elses_session() {
        let app = start(settings()).await;
        let (ada, eve) = (sign_up(&app, ADA).await, sign_up(&app, "eve@example.com").await);
        let missing = "5f1f77bcf86cd799439011aa".to_owned();
        for id in [testing::claims(&ada).sid.to_string(), missing, "nonsense".into()] {
            assert_eq!(end(&app, &eve, &id).await.status, 404, "{id}");
            assert_eq!(end(&app, "", &id).await.status, 401, "{id}");
        }
        assert!(testing::is_signed_in(&app, &ada).await);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_was_signed_out_ends_nobody_although_word_of_it_is_late() {
        let app = start(settings()).await;
        let (thief, owner) = (sign_up(&app, ADA).await, testing::cookie(&sign_in(&app, ADA, PASSWORD).await));
        testing::end_elsewhere(&app, testing::claims(&thief).sid).await;
        assert_eq!(end(&app, &thief, testing::claims(&owner).sid).await.status, 401);
        assert!(testing::is_signed_in(&app, &owner).await);
    }
}
