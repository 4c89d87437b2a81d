use axum::Json;
use axum::extract::State;
use common::email::Email;
use common::errors::ErrorBody;
use http::StatusCode;
use runtime::audit::{self, AuditEvent};
use runtime::http::{JsonBody, Validator};
use runtime::session::MaybeSignedIn;
use serde::Deserialize;
use serde_json::Value;
use tower_cookies::Cookies;
use utoipa::ToSchema;

use super::dto::{AccountResponse, parse_email};
use crate::devices::KnownDevice;
use crate::domain::{NewPassword, User};
use crate::error::AuthError;
use crate::peer::Peer;
use crate::state::{AuthState, Opening};

/// An account to be made.
#[derive(Deserialize, ToSchema)]
pub(super) struct SignUpRequest {
    /// Compared without regard to case.
    #[serde(default)]
    #[schema(value_type = String, format = "email", required = true, max_length = 254, examples("ada@example.com"))]
    email: Value,
    /// Any characters, but neither one of the most common passwords nor the address.
    #[serde(default)]
    #[schema(value_type = String, format = "password", required = true, min_length = 8, max_length = 128, examples("lantern by the quay"))]
    password: Value,
}

impl SignUpRequest {
    fn parse(&self) -> Result<(Email, NewPassword), AuthError> {
        let mut validator = Validator::default();
        let email = validator.take("email", parse_email(&self.email));
        let password = NewPassword::parse(&self.password);
        let password = match &email {
            Some(email) => password.and_then(|password| password.for_account(email)),
            None => password,
        };
        let password = validator.take("password", password);
        email.zip(password).ok_or_else(|| AuthError::Invalid(validator.into_error()))
    }
}

/// Makes an account and signs it in. A session that comes with the request ends.
#[utoipa::path(
    post,
    path = "/api/users/signup",
    tag = crate::NAME,
    operation_id = "signUp",
    request_body = SignUpRequest,
    responses(
        (status = 201, description = "The account, signed in", body = AccountResponse,
            headers(("set-cookie" = String, description = "The session, and another that this browser is recognised by"))),
        (status = 400, description = "Something is invalid, or the e-mail address has an account", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many sign-ups", body = ErrorBody,
            headers(("retry-after" = u64, description = "Seconds until it is worth trying again"))),
        (status = 503, description = "Too busy, or a part is away", body = ErrorBody),
    )
)]
pub(super) async fn sign_up(
    State(auth): State<AuthState>,
    MaybeSignedIn(before): MaybeSignedIn,
    peer: Peer,
    device: KnownDevice,
    cookies: Cookies,
    JsonBody(body): JsonBody<SignUpRequest>,
) -> Result<(StatusCode, Json<AccountResponse>), AuthError> {
    let (email, password) = body.parse()?;
    auth.limiter.count_sign_up(&email, peer).await?;
    let slot = auth.passwords.reserve(peer).await?;
    if auth.users.find(&email).await?.is_some() {
        return Err(AuthError::EmailInUse);
    }
    let hash = slot.hash(password.into_password()).await?;
    let now = auth.clock.now();
    let user = auth.users.add(User::sign_up(auth.ids.next(now), email, hash, now)).await?;
    let token = auth.open_session(&user, Opening { before, device: &device, is_told: false }).await?;
    auth.hand_out(&cookies, token, &user, &device);
    audit::concerns(user.id);
    audit::record(AuditEvent::SignedUp);
    Ok((StatusCode::CREATED, Json(AccountResponse::new(&user))))
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;
    use serde_json::json;
    use tower_cookies::cookie::{SameSite, time};

    use crate::domain::Rate;
    use crate::settings::{HashQueue, Limits, Settings};
    use crate::testing::{self, HOUR, PASSWORD, settings, start};

    #[tokio::test(flavor = "multi_thread")]
    async fn signing_up_makes_an_account_and_signs_it_in() {
        let app = start(settings()).await;
        let body = json!({"email": " Ada@Example.com", "password": PASSWORD, "id": "5f1f77bcf86cd799439011aa"});
        let reply = app.post("/api/users/signup").json(body).await;
        assert_eq!(reply.status, 201, "{:?}", reply.body);
        assert_eq!(reply.body["email"], "ada@example.com");
        assert_ne!(reply.body["id"], "5f1f77bcf86cd799439011aa");
        assert_eq!(reply.body.as_object().expect("an object").len(), 2, "{:?}", reply.body);
        assert_eq!(reply.headers["cache-control"], "no-store");
        let set = testing::set_cookie(&reply);
        assert_eq!((set.http_only(), set.same_site(), set.secure()), (Some(true), Some(SameSite::Lax), None));
        assert_eq!((set.path(), set.domain(), set.max_age()), (Some("/"), None, Some(time::Duration::hours(12))));
        let device = testing::cookie_named(&reply, "device");
        assert_eq!(
            (device.http_only(), device.same_site(), device.path()),
            (Some(true), Some(SameSite::Lax), Some("/"))
        );
        let me = app.get("/api/users/currentuser").header("cookie", &testing::cookie(&reply)).send().await;
        assert_eq!(me.body["currentUser"]["id"], reply.body["id"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn signing_up_over_a_session_ends_it() {
        let app = start(settings()).await;
        let ada = testing::sign_up(&app, "ada@example.com").await;
        let over_ada = |email: &str, password: &str| {
            let request = app.post("/api/users/signup").header("cookie", &ada);
            request.json(json!({"email": email, "password": password}))
        };
        assert_eq!(over_ada("eve@example.com", "short").await.status, 400);
        assert!(testing::is_signed_in(&app, &ada).await, "nobody has signed up");
        let eve = over_ada("eve@example.com", PASSWORD).await;
        assert_eq!(eve.status, 201);
        assert!(!testing::is_signed_in(&app, &ada).await, "the one before is still good");
        assert!(testing::is_signed_in(&app, &testing::cookie(&eve)).await);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn every_broken_rule_is_named_with_its_field() {
        let app = start(settings()).await;
        let (email, length) = ("Email must be valid", "Password must be between 8 and 128 characters");
        let guessable = "Password must not be made of your email address or our name";
        for (body, messages) in [
            (json!({}), vec![email, length]),
            (json!({"email": {"$ne": null}, "password": {"$ne": null}}), vec![email, length]),
            (json!({"email": "ada", "password": "lantern"}), vec![email, length]),
            (json!({"email": "ada@example.com", "password": "Password1"}), vec!["Password is too common"]),
            (json!({"email": "Ada@Example.com", "password": "ada@example.com"}), vec![guessable]),
            (json!({"email": "ada@example.com", "password": "x".repeat(129)}), vec![length]),
        ] {
            let reply = app.post("/api/users/signup").json(body.clone()).await;
            assert_eq!(reply.status, 400, "{body}");
            assert_eq!(reply.messages(), messages, "{body}");
            assert!(!reply.headers.contains_key("set-cookie"));
        }
        let reply = app.post("/api/users/signup").json(json!({"password": PASSWORD})).await;
        assert_eq!(reply.body["errors"][0]["field"], "email");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_address_has_one_account_in_whatever_case() {
        let app = start(settings()).await;
        testing::sign_up(&app, "ada@example.com").await;
        let body = json!({"email": "ADA@example.com", "password": PASSWORD});
        let reply = app.post("/api/users/signup").json(body).await;
        let error = json!({"code": "email_in_use", "message": "Email in use"});
        assert_eq!((reply.status, reply.body), (400, json!({"errors": [error]})));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_racing_sign_ups_with_one_address_one_wins() {
        let app = start(settings()).await;
        let body = json!({"email": "ada@example.com", "password": PASSWORD});
        let replies = join_all((0..10).map(|_| app.post("/api/users/signup").json(body.clone()))).await;
        let (won, lost): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 201);
        assert_eq!(won.len(), 1);
        for reply in lost {
            assert_eq!((reply.status, reply.messages()), (400, vec!["Email in use"]));
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn sign_ups_are_limited_by_where_they_come_from() {
        let limits = Limits { sign_up_address: Rate { burst: 2, per: HOUR }, ..Limits::default() };
        let app = start(Settings { limits, trusted_proxies: 1, ..settings() }).await;
        let from = |number: u32, forwarded: &str| {
            let body = json!({"email": format!("ada-{number}@example.com"), "password": PASSWORD});
            app.post("/api/users/signup").header("x-forwarded-for", forwarded).json(body)
        };
        assert_eq!(from(1, "1.1.1.1").await.status, 201);
        assert_eq!(from(2, "1.1.1.1").await.status, 201);
        let reply = from(3, "9.9.9.9, 1.1.1.1").await;
        assert_eq!((reply.status, reply.messages()), (429, vec!["Too many attempts, please try again in 30 minutes"]));
        assert_eq!(reply.body["errors"][0]["code"], "too_many_requests");
        assert_eq!(reply.headers["retry-after"], "1800");
        assert_eq!(from(3, "2.2.2.2").await.status, 201);
        app.clock.advance(HOUR / 2);
        assert_eq!(from(4, "1.1.1.1").await.status, 201);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_full_hashing_queue_is_unavailable_and_not_a_pile_up() {
        let app = start(Settings { hash_queue: HashQueue { length: 0, share: 1 }, ..settings() }).await;
        let body = json!({"email": "ada@example.com", "password": PASSWORD});
        let reply = app.post("/api/users/signup").json(body).await;
        assert_eq!(reply.status, 503);
        assert!(reply.headers.contains_key("retry-after"));
    }
}
