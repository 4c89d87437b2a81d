use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use runtime::audit::{self, AuditEvent};
use runtime::http::{JsonBody, Validator};
use serde::Deserialize;
use serde_json::Value;
use tower_cookies::Cookies;
use utoipa::ToSchema;

use super::dto::DoneResponse;
use crate::devices::KnownDevice;
use crate::domain::{FollowedLink, NewPassword};
use crate::error::AuthError;
use crate::peer::Peer;
use crate::state::AuthState;

/// Another password for the account that a mail's link was sent to.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResetPasswordRequest {
    /// What the link carries.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    token: Value,
    /// Any characters, but neither one of the most common passwords nor the address.
    #[serde(default)]
    #[schema(value_type = String, format = "password", required = true, min_length = 8, max_length = 128, examples("harbour without fog"))]
    new_password: Value,
}

impl ResetPasswordRequest {
    fn parse(&self) -> Result<(FollowedLink, NewPassword), AuthError> {
        let mut validator = Validator::default();
        let password = validator.take("newPassword", NewPassword::parse(&self.new_password));
        let password = password.ok_or_else(|| AuthError::Invalid(validator.into_error()))?;
        Ok((FollowedLink::parse(&self.token)?, password))
    }
}

/// Sets another password with what a mail's link carries, once, and ends all sessions of the account. Nobody is signed
/// in by it. Whoever reads the mail has shown that the address is theirs.
#[utoipa::path(
    post,
    path = "/api/users/reset",
    tag = crate::NAME,
    operation_id = "resetPassword",
    request_body = ResetPasswordRequest,
    responses(
        (status = 200, description = "The password is set", body = DoneResponse,
            headers(("set-cookie" = String, description = "What this browser is recognised by"))),
        (status = 400, description = "The password is not acceptable, or the link was followed before or is too old (`link_over`), or another account has the address by now (`address_taken`)", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many requests", body = ErrorBody),
        (status = 503, description = "Too busy, or a part is away", body = ErrorBody),
    )
)]
pub(super) async fn reset_password(
    State(auth): State<AuthState>,
    peer: Peer,
    device: KnownDevice,
    cookies: Cookies,
    JsonBody(body): JsonBody<ResetPasswordRequest>,
) -> Result<Json<DoneResponse>, AuthError> {
    let (link, new) = body.parse()?;
    let user = auth.users.get(link.user).await?.ok_or(AuthError::LinkIsOver)?;
    user.check_reset(&link, auth.clock.now())?;
    let new = new.for_account(user.email()).map_err(|weak| AuthError::of_field("newPassword", weak))?;
    let hash = auth.passwords.reserve(peer).await?.hash(new.into_password()).await?;
    let changed = auth.users.reset_password(&link, &hash, auth.next_notice()).await?;
    auth.sweep(&changed).await?;
    if let Some(cookie) = auth.devices.remember(changed.id, &device) {
        cookies.add(cookie);
    }
    audit::concerns(changed.id);
    audit::record(AuditEvent::PasswordChanged);
    Ok(Json(DoneResponse {}))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::events::{EndedSessions, NoticeDue, SessionRevoked};
    use futures::future::join_all;
    use harness::{Harness, Reply};
    use serde_json::json;

    use crate::domain::Rate;
    use crate::settings::{Limits, Settings};
    use crate::testing::{self, ADA, PASSWORD, app_that_confirms, app_with_mail, link, sign_in, sign_up, start, until};

    const NEW: &str = "harbour without fog";

    /// What somebody finds in their mailbox who has asked for a mail.
    async fn requested(app: &Harness, email: &str) -> String {
        let before = resets(app).await.len();
        let reply = app.post("/api/users/reset-request").json(json!({"email": email})).await;
        assert_eq!(reply.status, 200);
        until(async || resets(app).await.len() > before).await;
        link(app, resets(app).await.last().expect("is told")).await
    }

    async fn resets(app: &Harness) -> Vec<NoticeDue> {
        let notices = testing::notices(app).await;
        notices.into_iter().filter(|notice| json!(notice.kind) == "reset-password").collect()
    }

    /// The same, where it is asked for in a browser in which somebody has signed in before.
    async fn requested_in(app: &Harness, device: &str) -> String {
        let before = resets(app).await.len();
        let asked = app.post("/api/users/reset-request").header("cookie", device).json(json!({"email": ADA})).await;
        assert_eq!(asked.status, 200);
        until(async || resets(app).await.len() > before).await;
        link(app, resets(app).await.last().expect("is told")).await
    }

    async fn reset(app: &Harness, token: &str, password: &str) -> Reply {
        app.post("/api/users/reset").json(json!({"token": token, "newPassword": password})).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_reads_the_mail_sets_another_password_and_all_sessions_end() {
        let app = app_with_mail().await;
        let phone = sign_up(&app, ADA).await;
        let token = requested(&app, ADA).await;
        let reply = reset(&app, &token, NEW).await;
        assert_eq!((reply.status, &reply.body), (200, &json!({})));
        let set: Vec<_> = reply.headers.get_all("set-cookie").iter().map(|set| set.to_str().expect("text")).collect();
        assert!(set.len() == 1 && set[0].starts_with("device="), "nobody is signed in by it: {set:?}");
        assert!(!testing::is_signed_in(&app, &phone).await);
        assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 400);
        assert_eq!(sign_in(&app, ADA, NEW).await.status, 200);
        let told = testing::notices(&app).await;
        assert!(told.iter().any(|notice| json!(notice.kind) == "password-changed"), "{told:?}");
        let ended = app.published::<SessionRevoked>().await;
        assert!(matches!(ended[..], [SessionRevoked { sessions: EndedSessions::AllOfUser { .. }, .. }]), "{ended:?}");
        assert_eq!(reset(&app, &token, PASSWORD).await.codes(), ["link_over"], "the link is good once");
    }

    /// Somebody makes an account with another's address and leaves ways in: its owner must find them gone.
    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_shows_first_that_the_address_is_theirs_finds_no_other_way_in() {
        let app = app_with_mail().await;
        let stranger = sign_up(&app, ADA).await;
        testing::add(&app, &stranger, "Eve's phone").await;
        testing::require_second_factor(&app, &stranger).await;
        let token = requested(&app, ADA).await;
        assert_eq!(reset(&app, &token, NEW).await.status, 200);
        let owner = sign_in(&app, ADA, NEW).await;
        assert_eq!(owner.status, 200, "{:?}", owner.body);
        assert_eq!(testing::passkeys(&app, &testing::cookie(&owner)).await["passkeys"], json!([]));

        // What its owner adds then stays, whoever else may read their mail.
        let body = json!({"password": NEW});
        let cookie = testing::cookie(&owner);
        let begun = testing::begin_passkey(&app, &cookie, NEW).await;
        assert_eq!(begun.status, 200);
        testing::finish(&app, &cookie, &begun.body, "My phone").await;
        let asked = app.post("/api/users/second-factor").header("cookie", &cookie).json(body).await;
        assert_eq!(asked.status, 200);
        let token = requested(&app, ADA).await;
        assert_eq!(reset(&app, &token, PASSWORD).await.status, 200);
        assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 401, "the second factor is still asked for");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_fifty_who_follow_one_link_at_once_one_sets_the_password() {
        let app = app_with_mail().await;
        sign_up(&app, ADA).await;
        let token = requested(&app, ADA).await;
        let passwords: Vec<String> = (0..50).map(|number| format!("harbour without fog {number}")).collect();
        let replies = join_all(passwords.iter().map(|password| reset(&app, &token, password))).await;
        let won: Vec<_> = (0..50).filter(|number| replies[*number].status == 200).collect();
        assert_eq!(won.len(), 1, "{replies:?}");
        assert_eq!(sign_in(&app, ADA, &passwords[won[0]]).await.status, 200);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_link_is_good_for_half_an_hour_from_when_it_was_written() {
        let app = app_with_mail().await;
        sign_up(&app, ADA).await;
        let (first, second) = (requested(&app, ADA).await, requested(&app, ADA).await);
        app.clock.advance(Duration::from_secs(30 * 60 - 1));
        assert_eq!(reset(&app, &first, NEW).await.status, 200);
        assert_eq!(reset(&app, &second, NEW).await.codes(), ["link_over"], "one who has a new password needs no other");
        let third = requested(&app, ADA).await;
        app.clock.advance(Duration::from_secs(30 * 60));
        assert_eq!(reset(&app, &third, PASSWORD).await.codes(), ["link_over"]);
        assert_eq!(sign_in(&app, ADA, NEW).await.status, 200);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_mail_that_could_not_be_sent_for_an_hour_is_not_sent_any_more() {
        let app = app_with_mail().await;
        sign_up(&app, ADA).await;
        requested(&app, ADA).await;
        app.clock.advance(testing::HOUR + Duration::from_millis(1));
        assert_eq!(testing::ask_about(&app, &resets(&app).await[0]).await, json!("nobody"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_weak_password_is_refused_and_the_link_stays_good() {
        let app = app_with_mail().await;
        sign_up(&app, ADA).await;
        let token = requested(&app, ADA).await;
        for weak in ["short", "password", "ada@example.com1"] {
            let reply = reset(&app, &token, weak).await;
            assert_eq!((reply.status, &reply.body["errors"][0]["field"]), (400, &json!("newPassword")), "{weak}");
        }
        assert_eq!(reset(&app, "no.such.link", NEW).await.codes(), ["link_over"]);
        assert_eq!(reset(&app, &token, NEW).await.status, 200);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_link_for_one_thing_does_no_other() {
        let app = app_that_confirms().await;
        sign_up(&app, ADA).await;
        let confirmation = link(&app, &testing::notices(&app).await[0]).await;
        assert_eq!(reset(&app, &confirmation, NEW).await.codes(), ["link_over"]);
        let token = requested(&app, ADA).await;
        assert_eq!(app.post("/api/users/confirm").json(json!({"token": token})).await.codes(), ["link_over"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_reads_the_mail_has_confirmed_the_address_too() {
        let app = app_that_confirms().await;
        sign_up(&app, ADA).await;
        let token = requested(&app, ADA).await;
        assert_eq!(reset(&app, &token, NEW).await.status, 200);
        let cookie = testing::cookie(&sign_in(&app, ADA, NEW).await);
        assert!(!testing::claims(&cookie).unconfirmed);
    }

    /// Two strangers claim the address before its owner, and one after: sign-in compares no password with the owner's.
    async fn claimed_by_many(app: &Harness) -> Vec<Reply> {
        let mut made = Vec::new();
        for number in 0..5 {
            let body = json!({"email": ADA, "password": format!("lantern by the quay {number}")});
            made.push(app.post("/api/users/signup").json(body).await);
            app.clock.advance(Duration::from_secs(600));
        }
        assert_eq!(sign_in(app, ADA, "lantern by the quay 2").await.status, 400, "the owner is shut out");
        app.clock.advance(Duration::from_secs(600));
        made
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_reads_the_mail_gets_in_however_many_claim_the_address() {
        let app = app_that_confirms().await;
        claimed_by_many(&app).await;
        let token = requested(&app, ADA).await;
        assert_eq!(reset(&app, &token, NEW).await.status, 200);
        let owner = sign_in(&app, ADA, NEW).await;
        assert_eq!(owner.status, 200, "{:?}", owner.body);
        assert!(!testing::claims(&testing::cookie(&owner)).unconfirmed);
        // The password of the account that is the owner's now is another, and those of the others let in whom they let in.
        for (number, status) in [200, 200, 400, 200, 400].into_iter().enumerate() {
            app.clock.advance(Duration::from_secs(600));
            let stranger = sign_in(&app, ADA, &format!("lantern by the quay {number}")).await;
            assert_eq!(stranger.status, status, "{number}");
            assert_ne!(stranger.body["id"], owner.body["id"]);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_asks_where_they_signed_up_gets_the_account_that_they_made_there() {
        let app = app_that_confirms().await;
        let made = claimed_by_many(&app).await;
        let elsewhere = testing::device(&testing::signed_up(&app, "eve@example.com").await);
        let token = requested_in(&app, &testing::device(&made[2])).await;
        assert_eq!(reset(&app, &token, NEW).await.status, 200);
        let owner = sign_in(&app, ADA, NEW).await;
        assert_eq!((owner.status, &owner.body["id"]), (200, &made[2].body["id"]));
        assert!(!testing::claims(&testing::cookie(&owner)).unconfirmed);
        // From now on nobody else is meant.
        for device in [&elsewhere, &testing::device(&made[4])] {
            let token = requested_in(&app, device).await;
            assert_eq!(reset(&app, &token, PASSWORD).await.status, 200);
            assert_eq!(sign_in(&app, ADA, PASSWORD).await.body["id"], made[2].body["id"]);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_guesses_keeps_no_owner_out_who_reads_their_mail() {
        let limits = Limits { sign_in_account: Rate { burst: 3, per: Duration::from_secs(900) }, ..Limits::default() };
        let app = start(Settings { limits, ..testing::with_mail(false) }).await;
        sign_up(&app, ADA).await;
        for _ in 0..3 {
            assert_eq!(sign_in(&app, ADA, "wrong password").await.status, 400);
        }
        assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 429);
        let reply = reset(&app, &requested(&app, ADA).await, NEW).await;
        let body = json!({"email": ADA, "password": NEW});
        let signed_in = app.post("/api/users/signin").header("cookie", &testing::device(&reply)).json(body).await;
        assert_eq!(signed_in.status, 200, "this browser has attempts of its own");
    }
}
