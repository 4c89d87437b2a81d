use axum::Json;
use axum::extract::State;
use common::errors::ErrorBody;
use common::id::SessionId;
use common::time::Timestamp;
use runtime::session::SignedIn;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::Session;
use crate::error::AuthError;
use crate::state::AuthState;

/// A session of the caller that goes on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionResponse {
    id: SessionId,
    /// When somebody signed in.
    created_at: Timestamp,
    /// When it was used last; up to an hour later it may have been, too.
    last_used_at: Timestamp,
    /// The browser that it was opened in, if it is a known one: what it said itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("Firefox"))]
    browser: Option<String>,
    /// What that browser runs on, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("Windows"))]
    system: Option<String>,
    /// Whether it is the one that asks.
    is_current: bool,
}

impl SessionResponse {
    pub(super) fn new(session: &Session, current: SessionId) -> Self {
        Self {
            id: session.id,
            created_at: session.created_at,
            last_used_at: session.last_used_at(),
            browser: session.device.browser.clone(),
            system: session.device.system.clone(),
            is_current: session.id == current,
        }
    }
}

/// The sessions of the caller that go on, the one that was used last first.
///
/// Of a browser only a name from our own list is kept, such as Firefox.
#[utoipa::path(
    get,
    path = "/api/users/sessions",
    tag = crate::NAME,
    operation_id = "listSessions",
    security(("session" = [])),
    responses(
        (status = 200, description = "The sessions", body = [SessionResponse]),
        (status = 401, description = "Not signed in", body = ErrorBody),
        (status = 503, description = "A part is away", body = ErrorBody),
    )
)]
pub(super) async fn list_sessions(
    State(auth): State<AuthState>,
    SignedIn(session): SignedIn,
) -> Result<Json<Vec<SessionResponse>>, AuthError> {
    let user = auth.admitted(&session).await?;
    let sessions = auth.sessions.of_user(&user).await?;
    Ok(Json(sessions.iter().map(|open| SessionResponse::new(open, session.id)).collect()))
}

#[cfg(test)]
mod tests {
    use harness::Harness;
    use runtime::session::TOKEN_LIFE;
    use serde_json::{Value, json};

    use crate::testing::{self, ADA, HOUR, PASSWORD, settings, sign_in, sign_up, start};

    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

    async fn list(app: &Harness, cookie: &str) -> Vec<Value> {
        let reply = app.get("/api/users/sessions").header("cookie", cookie).send().await;
        assert_eq!(reply.status, 200, "{:?}", reply.body);
        reply.body.as_array().expect("a list").clone()
    }

    fn ids(sessions: &[Value]) -> Vec<&Value> {
        sessions.iter().map(|session| &session["id"]).collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn each_session_is_shown_with_its_device_and_its_last_use() {
        let app = start(settings()).await;
        let phone = sign_up(&app, ADA).await;
        let began = app.clock.now();
        app.clock.advance(HOUR);
        let body = json!({"email": ADA, "password": PASSWORD});
        let laptop = app.post("/api/users/signin").header("user-agent", FIREFOX).json(body).await;
        let laptop = testing::cookie(&laptop);
        let signed_in = app.clock.now();
        let (phone_id, laptop_id) = (testing::claims(&phone).sid, testing::claims(&laptop).sid);
        let of_laptop = json!({"id": laptop_id, "createdAt": signed_in, "lastUsedAt": signed_in,
            "browser": "Firefox", "system": "Linux", "isCurrent": true});
        let of_phone = json!({"id": phone_id, "createdAt": began, "lastUsedAt": began, "isCurrent": false});
        assert_eq!(list(&app, &laptop).await, [of_laptop, of_phone]);
        app.clock.advance(HOUR);
        app.get("/api/users/currentuser").header("cookie", &phone).send().await;
        let sessions = list(&app, &phone).await;
        assert_eq!(ids(&sessions), [&json!(phone_id), &json!(laptop_id)]);
        let first = &sessions[0];
        assert_eq!((&first["lastUsedAt"], &first["isCurrent"]), (&json!(app.clock.now()), &json!(true)));
        assert_eq!(first["createdAt"], json!(began));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn neither_what_has_ended_nor_what_is_somebody_elses_is_shown() {
        let app = start(settings()).await;
        sign_up(&app, ADA).await;
        app.clock.advance(TOKEN_LIFE);
        let eve = sign_up(&app, "eve@example.com").await;
        let ended = testing::cookie(&sign_in(&app, ADA, PASSWORD).await);
        app.post("/api/users/signout").header("cookie", &ended).send().await;
        let former = testing::cookie(&sign_in(&app, ADA, PASSWORD).await);
        app.post("/api/users/signout-everywhere").header("cookie", &former).send().await;
        let present = testing::cookie(&sign_in(&app, ADA, PASSWORD).await);
        assert_eq!(ids(&list(&app, &present).await), [&json!(testing::claims(&present).sid)]);
        assert_eq!(ids(&list(&app, &eve).await), [&json!(testing::claims(&eve).sid)]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn strangers_are_refused() {
        let app = start(settings()).await;
        let reply = app.get("/api/users/sessions").send().await;
        assert_eq!((reply.status, reply.messages()), (401, vec!["Not authorized"]));
    }
}
