use axum::Json;
use axum::extract::State;
use common::erasure::{FIND_UNDER_WAY, FindUnderWay, UnderWay};
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
use crate::domain::Password;
use crate::error::AuthError;
use crate::peer::Peer;
use crate::state::AuthState;

/// That somebody means it.
#[derive(Deserialize, ToSchema)]
pub(super) struct EraseAccountRequest {
    /// The account's password.
    #[serde(default)]
    #[schema(value_type = String, format = "password", required = true, min_length = 1, examples("lantern by the quay"))]
    password: Value,
}

impl EraseAccountRequest {
    fn parse(&self) -> Result<Password, AuthError> {
        let mut validator = Validator::default();
        let password = validator.take("password", Password::parse(&self.password));
        password.ok_or_else(|| AuthError::Invalid(validator.into_error()))
    }
}

/// Erases the caller's account for good, in every service. What they bought and sold stays as amounts, without them. It
/// is put off while money or tickets are under way, and the answer says which.
#[utoipa::path(
    post,
    path = "/api/users/erase",
    tag = crate::NAME,
    operation_id = "eraseAccount",
    request_body = EraseAccountRequest,
    security(("session" = [])),
    responses(
        (status = 200, description = "The account is gone", body = DoneResponse,
            headers(("set-cookie" = String, description = "Removes the session, and what this browser is recognised by"))),
        (status = 400, description = "Something is invalid, or the password is wrong", body = ErrorBody),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 409, description = "Something is under way, one entry for each: `reservation_under_way`, `refund_under_way`, `dispute_under_way`, `listing_under_way`, `event_to_come`", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 415, description = "The body is not JSON", body = ErrorBody),
        (status = 429, description = "Too many wrong passwords", body = ErrorBody,
            headers(("retry-after" = u64, description = "Seconds until it is worth trying again"))),
        (status = 503, description = "Too busy, or a part is away", body = ErrorBody),
    )
)]
pub(super) async fn erase_account(
    State(auth): State<AuthState>,
    SignedIn(session): SignedIn,
    peer: Peer,
    device: KnownDevice,
    cookies: Cookies,
    JsonBody(body): JsonBody<EraseAccountRequest>,
) -> Result<Json<DoneResponse>, AuthError> {
    let password = body.parse()?;
    let user = auth.owner(&session, peer, password).await?;
    let under_way: Vec<UnderWay> = auth.peers.ask_orders(FIND_UNDER_WAY, &FindUnderWay { user_id: user.id }).await?;
    if !under_way.is_empty() {
        return Err(AuthError::UnderWay(under_way));
    }
    let erased = auth.users.erase(&user).await?.ok_or(AuthError::InvalidCredentials)?;
    auth.sweep(&erased).await?;
    cookies.add(auth.sessions.cookie.cleared());
    cookies.add(auth.devices.forget(user.id, &device));
    audit::record(AuditEvent::AccountErased);
    Ok(Json(DoneResponse {}))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use axum::Router;
    use axum::routing::post;
    use common::events::{EndedSessions, SessionRevoked, UserErased};
    use harness::{Harness, Reply};
    use http::StatusCode;
    use serde_json::{Value, json};

    use crate::domain::{Ceremony, Session, User};
    use crate::testing::{self, ADA, PASSWORD, is_signed_in, settings, sign_in, sign_up, start, until};

    /// Stands for the orders service: what it answers to who asks what is under way; nothing where it is `None`.
    #[derive(Clone, Default)]
    struct FakeOrders(Arc<Mutex<Option<Value>>>);

    impl FakeOrders {
        fn answer(&self, under_way: Option<Value>) {
            *self.0.lock().expect("no test has panicked") = under_way;
        }
    }

    async fn app() -> (Harness, FakeOrders) {
        let (app, orders) = (start(settings()).await, FakeOrders::default());
        orders.answer(Some(json!([])));
        let answering = orders.clone();
        let answer = move || async move {
            let answer = answering.0.lock().expect("no test has panicked").clone();
            answer.map(axum::Json).ok_or(StatusCode::SERVICE_UNAVAILABLE)
        };
        app.deps.platform.peers.serve(Router::new().route(super::FIND_UNDER_WAY, post(answer)));
        (app, orders)
    }

    async fn erase(app: &Harness, cookie: &str, password: &str) -> Reply {
        app.post("/api/users/erase").header("cookie", cookie).json(json!({"password": password})).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_erased_account_is_gone_and_every_service_hears_of_it_once() {
        let (app, _) = app().await;
        let (phone, laptop) = (sign_up(&app, ADA).await, testing::cookie(&sign_in(&app, ADA, PASSWORD).await));
        let eve = sign_up(&app, "eve@example.com").await;
        let id = testing::claims(&phone).sub;
        let reply = erase(&app, &phone, PASSWORD).await;
        assert_eq!((reply.status, &reply.body), (200, &json!({})));
        assert!(testing::is_cleared(&reply), "{:?}", reply.headers);
        assert_eq!(testing::cookie_named(&reply, "device").value(), "");
        for cookie in [&phone, &laptop] {
            assert!(!is_signed_in(&app, cookie).await);
        }
        assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 400);
        assert!(is_signed_in(&app, &eve).await);
        app.settle().await;
        assert_eq!(app.published::<UserErased>().await, [UserErased { user_id: id }]);
        let ended = app.published::<SessionRevoked>().await;
        assert!(matches!(ended[..], [SessionRevoked { sessions: EndedSessions::AllOfUser { .. }, .. }]), "{ended:?}");
        let again = testing::signed_up(&app, ADA).await;
        assert_ne!(again.body["id"], json!(id), "the address is free, for somebody else");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nothing_is_left_of_the_person_and_in_the_end_nothing_of_the_account() {
        let (app, _) = app().await;
        let cookie = sign_up(&app, ADA).await;
        let id = testing::claims(&cookie).sub;
        let (users, sessions) = (app.deps.store::<User>(), app.deps.store::<Session>());
        testing::add(&app, &cookie, "My phone").await;
        testing::require_second_factor(&app, &cookie).await;
        assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 401, "a ceremony is begun");
        let ceremonies = app.deps.store::<Ceremony>();
        assert!(!ceremonies.find(&Default::default()).await.expect("finds").is_empty());
        assert_eq!(erase(&app, &cookie, PASSWORD).await.status, 200);
        assert!(ceremonies.find(&Default::default()).await.expect("finds").is_empty());
        assert!(sessions.find(&Default::default()).await.expect("finds").is_empty());
        let left = users.get(id).await.expect("reads").expect("its end is remembered for a while").value;
        let left = serde_json::to_string(&left).expect("serialises");
        for gone in ["ada", "argon2", "My phone", "codes"] {
            assert!(!left.contains(gone), "{left}");
        }
        // What has not been published yet is not removed.
        app.settle().await;
        app.clock.advance(Duration::from_secs(41 * 24 * 3600));
        until(async || users.find(&Default::default()).await.expect("finds").is_empty()).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn while_something_is_under_way_it_is_put_off_and_says_so() {
        let (app, orders) = app().await;
        let cookie = sign_up(&app, ADA).await;
        orders.answer(Some(json!(["refund", "listing"])));
        let reply = erase(&app, &cookie, PASSWORD).await;
        assert_eq!((reply.status, reply.codes()), (409, vec!["refund_under_way", "listing_under_way"]));
        orders.answer(None);
        assert_eq!(erase(&app, &cookie, PASSWORD).await.status, 503, "it is not known");
        assert!(is_signed_in(&app, &cookie).await);
        app.settle().await;
        assert_eq!(app.published::<UserErased>().await, []);
        orders.answer(Some(json!([])));
        assert_eq!(erase(&app, &cookie, PASSWORD).await.status, 200);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_password_is_needed() {
        let (app, _) = app().await;
        let cookie = sign_up(&app, ADA).await;
        for (password, message) in [("wrong password", "Invalid credentials"), ("", "You must supply a password")] {
            let reply = erase(&app, &cookie, password).await;
            assert_eq!((reply.status, reply.messages()), (400, vec![message]));
        }
        assert_eq!(erase(&app, "", PASSWORD).await.status, 401);
        assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 200);
    }
}
