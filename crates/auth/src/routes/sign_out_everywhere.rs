use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use runtime::audit::{self, AuditEvent};
use runtime::session::SignedIn;
use tower_cookies::Cookies;

use super::dto::DoneResponse;
use crate::error::AuthError;
use crate::state::AuthState;

/// Ends all sessions of the user, this one included.
///
/// No service takes their tokens any more.
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
        audit::record(AuditEvent::SessionsEnded);
    }
    cookies.add(auth.sessions.cookie.cleared());
    Ok(Json(DoneResponse {}))
}

#[cfg(test)]
mod tests {
    use common::events::{EndedSessions, SessionRevoked};
    use common::outcome::Outcome;
    use ports::store::StoreError;
    use runtime::store::UpdateContext;
    use serde_json::json;

    use crate::domain::{Session, User};
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
        let ended = app.published::<SessionRevoked>().await;
        let all = |event: &SessionRevoked| matches!(event.sessions, EndedSessions::AllOfUser { .. });
        assert!(ended.len() == 1 && all(&ended[0]), "one act, one event: {ended:?}");
        let again = testing::cookie(&sign_in(&app, "ada@example.com", PASSWORD).await);
        assert!(testing::is_signed_in(&app, &again).await, "the new session began in the same moment");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_session_of_a_replica_whose_clock_is_ahead_ends_too() {
        let app = start(settings()).await;
        let cookie = sign_up(&app, "ada@example.com").await;
        let claims = testing::claims(&cookie);
        let store = app.deps.store::<Session>();
        let mut ahead = store.get(claims.sid).await.expect("reads").expect("is there").value;
        ahead.id = app.deps.platform.ids.next(app.clock.now());
        ahead.created_at = app.clock.now() + testing::HOUR;
        let id = ahead.id;
        store.insert(ahead, &()).await.expect("writes");
        assert_eq!(app.post("/api/users/signout-everywhere").header("cookie", &cookie).send().await.status, 200);
        app.settle().await;
        let ended = app.published::<SessionRevoked>().await;
        assert!(ended.iter().any(|event| event.sessions == EndedSessions::One { session_id: id }), "{ended:?}");
        assert_eq!(ended.len(), 2);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_session_is_not_renewed_where_the_event_has_not_arrived_yet() {
        let app = start(settings()).await;
        let cookie = sign_up(&app, "ada@example.com").await;
        // Another replica has ended all of them.
        let everywhere = |user: &mut User, context: UpdateContext| {
            let ended = user.sign_out_everywhere(user.generation, context.now).changed();
            Ok::<_, StoreError>(ended.map_or(Outcome::Unchanged, |_| Outcome::Changed(())))
        };
        app.deps.store::<User>().update(testing::claims(&cookie).sub, everywhere).await.expect("commits");
        app.clock.advance(testing::HOUR);
        let reply = app.get("/api/users/currentuser").header("cookie", &cookie).send().await;
        assert_eq!(reply.body, json!({"currentUser": null}));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn strangers_are_refused() {
        let app = start(settings()).await;
        let reply = app.post("/api/users/signout-everywhere").send().await;
        assert_eq!((reply.status, reply.messages()), (401, vec!["Not authorized"]));
    }
}
