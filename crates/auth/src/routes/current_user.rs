use axum::Json;
use axum::extract::State;
use common::email::Email;
use common::errors::ErrorBody;
use common::id::UserId;
use common::time::Timestamp;
use runtime::session::{MaybeSignedIn, Session};
use serde::Serialize;
use tower_cookies::Cookies;
use utoipa::ToSchema;

use crate::error::AuthError;
use crate::state::AuthState;

/// Who is signed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CurrentUserResponse {
    /// `null` if nobody is.
    #[schema(required = true)]
    current_user: Option<CurrentUser>,
}

/// The signed-in user.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CurrentUser {
    id: UserId,
    email: Email,
    /// When their token was issued, in seconds since 1970.
    iat: i64,
    /// `false` if they have yet to confirm their address before they may sell, or reserve a second ticket; else
    /// left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    address_confirmed: Option<bool>,
}

impl CurrentUserResponse {
    const NOBODY: Self = Self { current_user: None };

    /// With the token that came with the request.
    fn of(session: &Session) -> Self {
        Self::new(session, session.issued_at, session.is_confirmed)
    }

    fn new(session: &Session, issued_at: Timestamp, is_confirmed: bool) -> Self {
        let address_confirmed = (!is_confirmed).then_some(false);
        let (id, email) = (session.user_id, session.email.clone());
        Self { current_user: Some(CurrentUser { id, email, iat: issued_at.as_secs(), address_confirmed }) }
    }
}

/// Who is signed in, if anybody. A token that has been in use for a while is replaced by a fresh
/// one of the same session, as is one whose user has confirmed their address since.
#[utoipa::path(
    get,
    path = "/api/users/currentuser",
    tag = crate::NAME,
    operation_id = "currentUser",
    security((), ("session" = [])),
    responses(
        (status = 200, description = "The signed-in user, or null", body = CurrentUserResponse,
            headers(("set-cookie" = String, description = "A fresh token, now and then"))),
        (status = 503, description = "A part is away", body = ErrorBody),
    )
)]
pub(super) async fn current_user(
    State(auth): State<AuthState>,
    MaybeSignedIn(session): MaybeSignedIn,
    cookies: Cookies,
) -> Json<CurrentUserResponse> {
    let Some(session) = session else { return Json(CurrentUserResponse::NOBODY) };
    let is_young = auth.clock.now().since(session.issued_at) < auth.settings.renew_after;
    if is_young && !has_confirmed_since(&auth, &session).await {
        return Json(CurrentUserResponse::of(&session));
    }
    match auth.renew(&session).await {
        Ok(token) => {
            cookies.add(token.cookie);
            Json(CurrentUserResponse::new(&session, token.issued_at, token.is_confirmed))
        }
        Err(AuthError::SessionEnded) => {
            cookies.add(auth.sessions.cookie.cleared());
            Json(CurrentUserResponse::NOBODY)
        }
        Err(error) => {
            // The token they have is good for a while yet.
            tracing::warn!(%error, "a token was not renewed");
            Json(CurrentUserResponse::of(&session))
        }
    }
}

/// Whether the user may do more than the token says.
async fn has_confirmed_since(auth: &AuthState, session: &Session) -> bool {
    if session.is_confirmed {
        return false;
    }
    let user = auth.users.get(session.user_id).await;
    user.inspect_err(|error| tracing::warn!(%error, "an account was not read"))
        .is_ok_and(|user| user.is_some_and(|user| !auth.must_confirm(&user)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use common::events::SessionRevoked;
    use harness::Harness;
    use runtime::session::{SESSION_LIFE, TOKEN_LIFE};
    use serde_json::{Value, json};

    use crate::testing::{self, HOUR, settings, sign_up, start};

    const SECOND: Duration = Duration::from_secs(1);

    async fn ask(app: &Harness, cookie: &str) -> harness::Reply {
        app.get("/api/users/currentuser").header("cookie", cookie).send().await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_signed_in_user_is_shown_with_the_tokens_age_in_seconds() {
        let app = start(settings()).await;
        let cookie = sign_up(&app, "ada@example.com").await;
        let reply = ask(&app, &cookie).await;
        let id = testing::claims(&cookie).sub;
        let expected = json!({"currentUser": {"id": id, "email": "ada@example.com", "iat": app.clock.now().as_secs()}});
        assert_eq!((reply.status, reply.body), (200, expected));
        assert!(!reply.headers.contains_key("set-cookie"), "the token is still young");
        assert_eq!(reply.headers["cache-control"], "no-store");
        assert_eq!(app.get("/api/users/currentuser").send().await.body, json!({"currentUser": null}));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn renewal_keeps_the_session_and_moves_its_end() {
        let app = start(settings()).await;
        let cookie = sign_up(&app, "ada@example.com").await;
        app.clock.advance(HOUR);
        let renewed_at = app.clock.now();
        let reply = ask(&app, &cookie).await;
        assert_eq!(reply.body["currentUser"]["iat"], renewed_at.as_secs());
        let renewed = testing::cookie(&reply);
        assert_eq!(testing::claims(&renewed).sid, testing::claims(&cookie).sid);
        app.clock.advance(TOKEN_LIFE - SECOND);
        assert!(!testing::is_signed_in(&app, &cookie).await, "the first token has expired");
        assert!(testing::is_signed_in(&app, &renewed).await);
        // Signing out with any token of the session announces the expiry of the last one.
        let last = testing::cookie(&ask(&app, &renewed).await);
        let expires_at = app.clock.now() + TOKEN_LIFE;
        app.post("/api/users/signout").header("cookie", &renewed).send().await;
        assert!(!testing::is_signed_in(&app, &last).await);
        app.settle().await;
        assert_eq!(app.published::<SessionRevoked>().await[0].expires_at, expires_at);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_token_is_good_for_twelve_hours_and_no_longer() {
        let app = start(settings()).await;
        let cookie = sign_up(&app, "ada@example.com").await;
        app.clock.advance(TOKEN_LIFE - SECOND);
        assert!(testing::is_signed_in(&app, &cookie).await);
        app.clock.advance(SECOND);
        assert!(!testing::is_signed_in(&app, &cookie).await);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_session_lasts_thirty_days_however_often_it_is_renewed() {
        let app = start(settings()).await;
        let first = sign_up(&app, "ada@example.com").await;
        let (began, half_a_day) = (app.clock.now(), TOKEN_LIFE - HOUR);
        let mut cookie = first.clone();
        while app.clock.now() + half_a_day < began + SESSION_LIFE {
            app.clock.advance(half_a_day);
            cookie = testing::cookie(&ask(&app, &cookie).await);
            assert_eq!(testing::claims(&cookie).sid, testing::claims(&first).sid);
            assert_eq!(testing::claims(&cookie).began, Some(began.as_millis()));
        }
        assert_eq!(testing::claims(&cookie).exp, (began + SESSION_LIFE).as_secs());
        app.clock.advance((began + SESSION_LIFE).since(app.clock.now()) - SECOND);
        assert!(testing::is_signed_in(&app, &cookie).await);
        app.clock.advance(SECOND);
        assert!(!testing::is_signed_in(&app, &cookie).await);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_ended_session_is_not_renewed_even_where_its_end_is_not_known_yet() {
        let app = start(settings()).await;
        let cookie = sign_up(&app, "ada@example.com").await;
        testing::end_elsewhere(&app, testing::claims(&cookie).sid).await;
        app.clock.advance(HOUR);
        let reply = ask(&app, &cookie).await;
        assert_eq!(reply.body, json!({"currentUser": null}));
        assert!(testing::is_cleared(&reply), "{:?}", reply.headers);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_session_of_before_addresses_had_to_be_confirmed_has_to_as_well() {
        let mut app = start(settings()).await;
        let cookie = sign_up(&app, "ada@example.com").await;
        assert!(!testing::claims(&cookie).unconfirmed, "nobody has to");
        let is_asked = async |app: &Harness| ask(app, &cookie).await.body["currentUser"]["addressConfirmed"] == false;
        assert!(!is_asked(&app).await);
        testing::replace_service(&mut app, testing::settings_that_confirm()).await;
        assert!(is_asked(&app).await, "its token is as it was");
        testing::replace_service(&mut app, testing::with_mail(false)).await;
        assert!(!is_asked(&app).await);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn forged_tokens_are_refused() {
        let app = start(settings()).await;
        let cookie = sign_up(&app, "ada@example.com").await;
        let token = cookie.strip_prefix("session=").expect("the cookie's name");
        let parts: Vec<&str> = token.split('.').collect();
        let encode = |json: Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let kid = testing::header(&cookie)["kid"].clone();
        let mut claims = serde_json::to_value(testing::claims(&cookie)).expect("serialises");
        claims["email"] = "eve@example.com".into();
        let unsigned = format!("{}.{}.", encode(json!({"alg": "none", "typ": "JWT", "kid": kid})), parts[1]);
        let altered = format!("{}.{}.{}", parts[0], encode(claims), parts[2]);
        let unknown_key = format!("{}.{}.{}", encode(json!({"alg": "EdDSA", "kid": "x"})), parts[1], parts[2]);
        let without_kid = format!("{}.{}.{}", encode(json!({"alg": "EdDSA"})), parts[1], parts[2]);
        let hmac = testing::signed_with_public_key_as_secret(&app, &cookie).await;
        for forged in [&unsigned, &altered, &unknown_key, &without_kid, &hmac, "", "a.b.c", &format!("{token}x")] {
            assert!(!testing::is_signed_in(&app, &format!("session={forged}")).await, "{forged} was accepted");
        }
        assert!(!testing::is_signed_in(&app, &app.user().cookie).await, "another key was accepted");
        assert!(testing::is_signed_in(&app, &cookie).await);
    }
}
