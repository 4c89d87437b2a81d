use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use runtime::audit::{self, AuditEvent};
use runtime::http::{JsonBody, Validator};
use runtime::session::SignedIn;
use serde::Deserialize;
use serde_json::Value;
use tower_cookies::Cookies;
use utoipa::ToSchema;

use super::dto::DoneResponse;
use crate::devices::KnownDevice;
use crate::domain::{NewPassword, Password};
use crate::error::AuthError;
use crate::passwords::Verdict;
use crate::peer::Peer;
use crate::state::{AuthState, Opening};

/// A password to replace the current one.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangePasswordRequest {
    #[serde(default)]
    #[schema(value_type = String, format = "password", required = true, min_length = 1, examples("lantern by the quay"))]
    current_password: Value,
    /// Any characters, but neither one of the most common passwords nor the address.
    #[serde(default)]
    #[schema(value_type = String, format = "password", required = true, min_length = 8, max_length = 128, examples("harbour without fog"))]
    new_password: Value,
}

impl ChangePasswordRequest {
    fn parse(&self) -> Result<(Password, NewPassword), AuthError> {
        let mut validator = Validator::default();
        let current = validator.take("currentPassword", Password::parse(&self.current_password));
        let new = validator.take("newPassword", NewPassword::parse(&self.new_password));
        current.zip(new).ok_or_else(|| AuthError::Invalid(validator.into_error()))
    }
}

/// Changes the password, ends all sessions of the user, and begins a new one here.
///
/// Its owner is told by mail.
#[utoipa::path(
    post,
    path = "/api/users/password",
    tag = crate::NAME,
    operation_id = "changePassword",
    request_body = ChangePasswordRequest,
    security(("session" = [])),
    responses(
        (status = 200, description = "Changed", body = DoneResponse,
            headers(("set-cookie" = String, description = "The new session"))),
        (status = 400, description = "Something is invalid, or the current password is wrong", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many wrong passwords", body = ErrorBody,
            headers(("retry-after" = u64, description = "Seconds until it is worth trying again"))),
        (status = 503, description = "Too busy, or a part is away", body = ErrorBody),
    )
)]
pub(super) async fn change_password(
    State(auth): State<AuthState>,
    SignedIn(session): SignedIn,
    peer: Peer,
    device: KnownDevice,
    cookies: Cookies,
    JsonBody(body): JsonBody<ChangePasswordRequest>,
) -> Result<Json<DoneResponse>, AuthError> {
    let (current, new) = body.parse()?;
    let user = auth.admitted(&session).await?;
    let new = new.for_account(user.email()).map_err(|weak| AuthError::of_field("newPassword", weak))?;
    let attempt = auth.limiter.begin_password_change(user.email(), peer, session.id).await?;
    let slot = auth.passwords.reserve(peer).await?;
    if slot.verify(current, user.password_hash.clone()).await? == Verdict::Wrong {
        audit::record(AuditEvent::PasswordChangeFailed);
        return Err(AuthError::InvalidCredentials);
    }
    auth.limiter.succeeded(attempt).await?;
    let hash = slot.hash(new.into_password()).await?;
    let changed = auth.users.change_password(&user, &hash, auth.next_notice()).await?;
    let changed = changed.ok_or(AuthError::InvalidCredentials)?;
    auth.sweep(&changed).await?;
    let token = auth.open_session(&changed, Opening { before: None, device: &device, is_told: false }).await?;
    auth.hand_out(&cookies, token, &changed, &device);
    audit::record(AuditEvent::PasswordChanged);
    Ok(Json(DoneResponse {}))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::events::{EndedSessions, SessionRevoked};
    use harness::{Harness, Reply};
    use ports::store::StoreError;
    use runtime::store::UpdateContext;
    use serde_json::json;

    use crate::domain::{Rate, User};
    use crate::settings::{Limits, Settings};
    use crate::testing::{self, ADA, PASSWORD, settings, sign_in, sign_up, start};

    const NEW: &str = "harbour without fog";

    async fn change(app: &Harness, cookie: &str, current: &str, new: &str) -> Reply {
        let body = json!({"currentPassword": current, "newPassword": new});
        app.post("/api/users/password").header("cookie", cookie).json(body).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_new_password_ends_all_sessions_and_begins_a_new_one() {
        let app = start(settings()).await;
        let phone = sign_up(&app, ADA).await;
        let laptop = testing::cookie(&sign_in(&app, ADA, PASSWORD).await);
        let eve = sign_up(&app, "eve@example.com").await;
        let reply = change(&app, &phone, PASSWORD, NEW).await;
        assert_eq!((reply.status, &reply.body), (200, &json!({})));
        let fresh = testing::cookie(&reply);
        assert_ne!(testing::claims(&fresh).sid, testing::claims(&phone).sid);
        assert!(testing::is_signed_in(&app, &fresh).await);
        assert!(!testing::is_signed_in(&app, &phone).await, "whoever has a copy of the old one is still in");
        assert!(!testing::is_signed_in(&app, &laptop).await);
        assert!(testing::is_signed_in(&app, &eve).await, "somebody else was signed out");
        assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 400);
        let again = sign_in(&app, ADA, NEW).await;
        assert_eq!(again.status, 200);
        assert!(testing::is_signed_in(&app, &testing::cookie(&again)).await);
        app.settle().await;
        let revoked = app.published::<SessionRevoked>().await;
        assert_eq!(revoked.len(), 1);
        assert!(matches!(revoked[0].sessions, EndedSessions::AllOfUser { .. }), "{revoked:?}");
        assert_eq!(change(&app, &fresh, NEW, PASSWORD).await.status, 200, "the new session may do it again");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_current_password_is_required_and_the_new_one_has_to_be_good() {
        let app = start(settings()).await;
        let cookie = sign_up(&app, ADA).await;
        let reply = change(&app, &cookie, "wrong password", NEW).await;
        assert_eq!((reply.status, reply.messages()), (400, vec!["Invalid credentials"]));
        let reply = change(&app, &cookie, "", "password").await;
        assert_eq!(reply.messages(), ["You must supply a password", "Password is too common"]);
        assert_eq!(reply.body["errors"][1]["field"], "newPassword");
        let reply = change(&app, &cookie, "wrong password", "ADA@example.com").await;
        let guessable = "Password must not be made of your email address or our name";
        assert_eq!((reply.status, reply.messages()), (400, vec![guessable]));
        assert_eq!(reply.body["errors"][0]["field"], "newPassword");
        let reply = change(&app, "", PASSWORD, NEW).await;
        assert_eq!((reply.status, reply.messages()), (401, vec!["Not authorized"]));
        assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 200);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn guessing_the_current_password_is_limited_too() {
        let rate = Rate { burst: 2, per: Duration::from_secs(60) };
        let limits = Limits { password_change: rate, ..Limits::default() };
        let app = start(Settings { limits, ..settings() }).await;
        let cookie = sign_up(&app, ADA).await;
        let other = testing::cookie(&sign_in(&app, ADA, PASSWORD).await);
        for _ in 0..2 {
            assert_eq!(change(&app, &cookie, "wrong password", NEW).await.status, 400);
        }
        assert_eq!(change(&app, &cookie, PASSWORD, NEW).await.status, 429);
        assert_eq!(change(&app, &other, PASSWORD, NEW).await.status, 200, "it is counted for each session");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nobody_elses_guesses_keep_the_owner_from_changing_it() {
        let rate = Rate { burst: 2, per: Duration::from_secs(60) };
        let limits = Limits { sign_in_account_and_address: rate, sign_in_account: rate, ..Limits::default() };
        let app = start(Settings { limits, ..settings() }).await;
        let cookie = sign_up(&app, ADA).await;
        for status in [400, 400, 429] {
            assert_eq!(sign_in(&app, ADA, "wrong password").await.status, status);
        }
        assert_eq!(change(&app, &cookie, PASSWORD, NEW).await.status, 200);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_sign_in_that_races_the_change_with_the_old_password_leaves_no_live_session() {
        let app = start(settings()).await;
        for round in 0..20 {
            let email = format!("ada-{round}@example.com");
            let cookie = sign_up(&app, &email).await;
            let (changed, raced) = tokio::join!(change(&app, &cookie, PASSWORD, NEW), sign_in(&app, &email, PASSWORD));
            assert_eq!(changed.status, 200);
            if raced.status == 200 {
                let raced = testing::cookie(&raced);
                assert!(!testing::is_signed_in(&app, &raced).await, "round {round}: the session lives on");
            }
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_change_interrupted_by_a_crash_still_ends_the_sessions() {
        let app = start(settings()).await;
        let (phone, laptop) = (sign_up(&app, ADA).await, testing::cookie(&sign_in(&app, ADA, PASSWORD).await));
        let commit_only = |user: &mut User, context: UpdateContext| {
            Ok::<_, StoreError>(user.change_password(user.generation, user.password_hash.clone(), None, context.now))
        };
        app.deps.store::<User>().update(testing::claims(&phone).sub, commit_only).await.expect("commits");
        app.clock.advance(Duration::from_secs(2));
        for cookie in [phone, laptop] {
            testing::until(async || !testing::is_signed_in(&app, &cookie).await).await;
        }
    }
}
