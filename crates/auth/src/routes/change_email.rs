use axum::Json;
use axum::extract::State;
use common::email::Email;
use common::errors::ErrorBody;
use runtime::audit::{self, AuditEvent};
use runtime::http::{JsonBody, Validator};
use runtime::session::SignedIn;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::dto::{DoneResponse, parse_email};
use crate::domain::Password;
use crate::error::AuthError;
use crate::passwords::Verdict;
use crate::peer::Peer;
use crate::state::AuthState;

/// Another address for the account.
#[derive(Deserialize, ToSchema)]
pub(super) struct ChangeEmailRequest {
    /// Compared without regard to case.
    #[serde(default)]
    #[schema(value_type = String, format = "email", required = true, max_length = 254, examples("ada@example.org"))]
    email: Value,
    /// The account's password.
    #[serde(default)]
    #[schema(value_type = String, format = "password", required = true, min_length = 1, examples("lantern by the quay"))]
    password: Value,
}

impl ChangeEmailRequest {
    fn parse(&self) -> Result<(Email, Password), AuthError> {
        let mut validator = Validator::default();
        let email = validator.take("email", parse_email(&self.email));
        let password = validator.take("password", Password::parse(&self.password));
        email.zip(password).ok_or_else(|| AuthError::Invalid(validator.into_error()))
    }
}

/// It is the account's already.
#[derive(Debug, thiserror::Error)]
#[error("That is your address already")]
struct SameAddress;

/// Sends a mail to another address, whose link makes it the account's. The answer does not say whether that address has
/// an account already; then nothing is sent.
#[utoipa::path(
    post,
    path = "/api/users/email",
    tag = crate::NAME,
    operation_id = "changeEmail",
    request_body = ChangeEmailRequest,
    security(("session" = [])),
    responses(
        (status = 200, description = "A mail is on its way to the new address, unless it has an account", body = DoneResponse),
        (status = 400, description = "Something is invalid, the password is wrong, or no mails are sent here (`no_mail`)", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many wrong passwords, or mails", body = ErrorBody,
            headers(("retry-after" = u64, description = "Seconds until it is worth trying again"))),
        (status = 503, description = "Too busy, or a part is away", body = ErrorBody),
    )
)]
pub(super) async fn change_email(
    State(auth): State<AuthState>,
    SignedIn(session): SignedIn,
    peer: Peer,
    JsonBody(body): JsonBody<ChangeEmailRequest>,
) -> Result<Json<DoneResponse>, AuthError> {
    let (email, password) = body.parse()?;
    let notice = auth.next_notice().ok_or(AuthError::NoMail)?;
    let user = auth.admitted(&session).await?;
    if email == *user.email() {
        return Err(AuthError::of_field("email", SameAddress));
    }
    let attempt = auth.limiter.begin_password_change(user.email(), peer, session.id).await?;
    let slot = auth.passwords.reserve(peer).await?;
    if slot.verify(password, user.password_hash.clone()).await? == Verdict::Wrong {
        audit::record(AuditEvent::PasswordChangeFailed);
        return Err(AuthError::InvalidCredentials);
    }
    auth.limiter.succeeded(attempt).await?;
    auth.limiter.count_letter(&email, peer).await?;
    let is_free = auth.users.find(&email).await?.is_none();
    auth.users.ask_to_change(user.id, &email, is_free, notice).await?;
    Ok(Json(DoneResponse {}))
}

#[cfg(test)]
mod tests {
    use common::events::{EndedSessions, NoticeDue, SessionRevoked};
    use harness::{Harness, Reply};
    use serde_json::{Value, json};

    use crate::domain::Rate;
    use crate::settings::{Limits, Settings};
    use crate::testing::{self, ADA, HOUR, PASSWORD, app_with_mail, link, sign_in, sign_up, start};

    const NEW: &str = "ada@example.org";

    async fn change(app: &Harness, cookie: &str, email: &str, password: &str) -> Reply {
        let body = json!({"email": email, "password": password});
        app.post("/api/users/email").header("cookie", cookie).json(body).await
    }

    async fn confirm(app: &Harness, token: &str) -> Reply {
        app.post("/api/users/confirm").json(json!({"token": token, "password": PASSWORD})).await
    }

    async fn notices_of(app: &Harness, kind: &str) -> Vec<NoticeDue> {
        testing::notices(app).await.into_iter().filter(|notice| json!(notice.kind) == kind).collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_new_address_is_confirmed_and_the_one_of_before_is_told() {
        let app = app_with_mail().await;
        let cookie = sign_up(&app, ADA).await;
        let reply = change(&app, &cookie, "Ada@Example.org", PASSWORD).await;
        assert_eq!((reply.status, &reply.body), (200, &json!({})));
        let asked = notices_of(&app, "confirm-address").await.remove(0);
        assert_eq!(testing::ask_about(&app, &asked).await["at"]["email"], NEW, "that is what is to be confirmed");
        assert_eq!(sign_in(&app, NEW, PASSWORD).await.status, 400, "nothing has changed yet");
        let reply = confirm(&app, &link(&app, &asked).await).await;
        assert_eq!(reply.status, 200, "{:?}", reply.body);
        assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 400);
        let signed_in = sign_in(&app, NEW, PASSWORD).await;
        assert_eq!((signed_in.status, &signed_in.body["id"]), (200, &json!(testing::claims(&cookie).sub)));
        assert!(!testing::is_signed_in(&app, &cookie).await, "its token says the former address");
        let [told] = &notices_of(&app, "address-changed").await[..] else { panic!("not one notice") };
        assert_eq!(testing::ask_about(&app, told).await, json!({"at": {"email": ADA}}));
        let ended = app.published::<SessionRevoked>().await;
        assert!(ended.iter().any(|event| matches!(event.sessions, EndedSessions::AllOfUser { .. })), "{ended:?}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_former_address_is_free_for_others() {
        let app = app_with_mail().await;
        let cookie = sign_up(&app, ADA).await;
        assert_eq!(change(&app, &cookie, NEW, PASSWORD).await.status, 200);
        let asked = notices_of(&app, "confirm-address").await.remove(0);
        assert_eq!(confirm(&app, &link(&app, &asked).await).await.status, 200);
        testing::signed_up(&app, ADA).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_address_with_an_account_is_answered_alike_and_nothing_is_sent() {
        let app = app_with_mail().await;
        let (cookie, _) = (sign_up(&app, ADA).await, sign_up(&app, NEW).await);
        let reply = change(&app, &cookie, NEW, PASSWORD).await;
        assert_eq!((reply.status, &reply.body), (200, &json!({})));
        assert_eq!(testing::notices(&app).await, []);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_two_who_want_one_address_the_first_to_confirm_gets_it() {
        let app = app_with_mail().await;
        for email in [ADA, "eve@example.com"] {
            let cookie = sign_up(&app, email).await;
            assert_eq!(change(&app, &cookie, NEW, PASSWORD).await.status, 200);
        }
        let asked = notices_of(&app, "confirm-address").await;
        assert_eq!(confirm(&app, &link(&app, &asked[1]).await).await.status, 200);
        assert_eq!(confirm(&app, &link(&app, &asked[0]).await).await.codes(), ["address_taken"]);
        assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 200, "who came too late keeps theirs");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_changes_the_password_makes_a_change_that_another_has_begun_useless() {
        let app = app_with_mail().await;
        let (thief, owner) = (sign_up(&app, ADA).await, testing::cookie(&sign_in(&app, ADA, PASSWORD).await));
        assert_eq!(change(&app, &thief, "eve@example.org", PASSWORD).await.status, 200);
        let token = link(&app, &notices_of(&app, "confirm-address").await[0]).await;
        let body = json!({"currentPassword": PASSWORD, "newPassword": "harbour without fog"});
        assert_eq!(app.post("/api/users/password").header("cookie", &owner).json(body).await.status, 200);
        assert_eq!(confirm(&app, &token).await.codes(), ["link_over"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_password_is_needed_and_the_address_has_to_be_another_one() {
        let rate = Rate { burst: 2, per: HOUR };
        let limits = Limits { password_change: rate, ..Limits::default() };
        let app = start(Settings { limits, ..testing::with_mail(false) }).await;
        let cookie = sign_up(&app, ADA).await;
        for (email, password, message) in [
            ("ada", PASSWORD, "Email must be valid"),
            (NEW, "", "You must supply a password"),
            ("ADA@example.com", PASSWORD, "That is your address already"),
            (NEW, "wrong password", "Invalid credentials"),
            (NEW, "wrong password", "Invalid credentials"),
        ] {
            let reply = change(&app, &cookie, email, password).await;
            assert_eq!((reply.status, reply.messages()), (400, vec![message]), "{email} {password}");
        }
        assert_eq!(change(&app, &cookie, NEW, PASSWORD).await.status, 429, "guesses count in the session");
        assert_eq!(change(&app, "", NEW, PASSWORD).await.status, 401);
        assert_eq!(testing::notices(&app).await, []);
        let without_mail = start(testing::settings()).await;
        let cookie = sign_up(&without_mail, ADA).await;
        assert_eq!(change(&without_mail, &cookie, NEW, PASSWORD).await.codes(), ["no_mail"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_account_that_claims_an_address_gives_it_up_for_a_confirmed_one() {
        let app = testing::app_that_confirms().await;
        let cookie = sign_up(&app, ADA).await;
        assert_eq!(change(&app, &cookie, NEW, PASSWORD).await.status, 200);
        let asked = notices_of(&app, "confirm-address").await;
        assert_eq!(confirm(&app, &link(&app, &asked[1]).await).await.status, 200);
        assert_eq!(notices_of(&app, "address-changed").await, [], "the former one may be a stranger's");
        assert_eq!(confirm(&app, "no.such.link").await.body["errors"][0]["code"], Value::from("link_over"));
        let cookie = testing::cookie(&sign_in(&app, NEW, PASSWORD).await);
        assert!(!testing::claims(&cookie).unconfirmed);
        assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 400);
    }
}
