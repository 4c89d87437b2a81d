//! What the tests of the routes share.

use std::time::Duration;

use axum::{Extension, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::addressee::FIND_ADDRESSEE;
use common::events::NoticeDue;
use common::id::SessionId;
use common::outcome::Outcome;
use harness::{DevicePasskey, Harness, Reply, within};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use ports::store::StoreError;
use runtime::Service;
use runtime::session::Claims;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower_cookies::Cookie;
use tower_cookies::cookie::time;
use utoipa_axum::router::OpenApiRouter;

use crate::domain::Session;
use crate::settings::{HashCost, MailSettings, Settings};
use crate::state::AuthState;

pub(crate) const HOUR: Duration = Duration::from_secs(3600);
pub(crate) const PASSWORD: &str = "lantern by the quay";
/// The site, as browsers see it.
pub(crate) const SITE: &str = "http://localhost:3000";
pub(crate) const ADA: &str = "ada@example.com";
const SECRET: &str = "a-secret-between-auth-and-mail-for-tests";

/// The usual settings, with hashing as cheap as argon2 allows.
pub(crate) fn settings() -> Settings {
    Settings { hash_cost: HashCost { memory_kib: 8, iterations: 1, parallelism: 1 }, ..Settings::default() }
}

/// The service, with its first signing key.
pub(crate) async fn start(settings: Settings) -> Harness {
    let app = Harness::start(crate::definition(settings)).await;
    until_keys_are_loaded(&app).await;
    app
}

/// The service and what it works with.
pub(crate) async fn started(settings: Settings) -> (Harness, AuthState) {
    let mut app = start(settings.clone()).await;
    let auth = AuthState::new(&app.deps, settings);
    auth.keys.refresh().await.expect("keys");
    app.routes = routes_of(&app, crate::routes::guarded(auth.clone()));
    (app, auth)
}

/// The service, as it is where mails are written.
pub(crate) async fn app_with_mail() -> Harness {
    start(with_mail(false)).await
}

/// The service, as it is where addresses have to be confirmed.
pub(crate) async fn app_that_confirms() -> Harness {
    start(settings_that_confirm()).await
}

pub(crate) fn settings_that_confirm() -> Settings {
    with_mail(true)
}

/// The settings where mails are written.
pub(crate) fn with_mail(confirm_addresses: bool) -> Settings {
    let secret = SECRET.parse().expect("long enough");
    Settings { mail: Some(MailSettings { secret, confirm_addresses }), ..settings() }
}

/// What is answered to the question where to send a notice.
pub(crate) async fn ask_about(app: &Harness, NoticeDue { id, user_id, kind }: &NoticeDue) -> Value {
    let reply = ask(app, &json!({"userId": user_id, "notice": {"id": id, "kind": kind}})).await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    reply.body
}

/// What the link of a mail carries that is written now.
pub(crate) async fn link(app: &Harness, notice: &NoticeDue) -> String {
    let answer = ask_about(app, notice).await;
    answer["at"]["link"]["token"].as_str().unwrap_or_else(|| panic!("no link: {answer}")).to_owned()
}

/// Asks where to write, as the service does that writes mails.
pub(crate) async fn ask(app: &Harness, question: &Value) -> Reply {
    let credential = format!("Bearer {SECRET}");
    app.ask(FIND_ADDRESSEE).header("authorization", &credential).json(question.clone()).await
}

/// What people are to be told, so far.
pub(crate) async fn notices(app: &Harness) -> Vec<NoticeDue> {
    app.settle().await;
    app.published().await
}

/// Another instance of the service, on the same store.
pub(crate) fn service(app: &Harness, settings: Settings) -> Service {
    (crate::definition(settings).build)(app.deps.clone())
}

/// Sends requests to another instance of the service, on the same store, from now on: a restart.
pub(crate) async fn replace_service(app: &mut Harness, settings: Settings) {
    let mut service = service(app, settings);
    for task in std::mem::take(&mut service.tasks) {
        tokio::spawn((task.run)(CancellationToken::new()));
    }
    app.internal = Router::from(std::mem::take(&mut service.internal));
    app.routes = routes(app, service);
    until_keys_are_loaded(app).await;
}

/// A service's routes.
pub(crate) fn routes(app: &Harness, service: Service) -> Router {
    routes_of(app, service.routes)
}

/// These routes, with the sessions of the platform.
pub(crate) fn routes_of(app: &Harness, routes: OpenApiRouter) -> Router {
    let (routes, _) = routes.split_for_parts();
    routes.layer(Extension(app.deps.platform.sessions.clone()))
}

async fn until_keys_are_loaded(app: &Harness) {
    until(async || app.get("/api/users/keys").send().await.status == 200).await;
}

/// Returns when `condition` holds.
pub(crate) async fn until(condition: impl AsyncFn() -> bool) {
    within(async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
}

/// Signs up; the session's cookie.
pub(crate) async fn sign_up(app: &Harness, email: &str) -> String {
    cookie(&signed_up(app, email).await)
}

/// Signs up.
pub(crate) async fn signed_up(app: &Harness, email: &str) -> Reply {
    let reply = app.post("/api/users/signup").json(json!({"email": email, "password": PASSWORD})).await;
    assert_eq!(reply.status, 201, "{:?}", reply.body);
    reply
}

/// Tries to sign in.
pub(crate) async fn sign_in(app: &Harness, email: &str, password: &str) -> Reply {
    app.post("/api/users/signin").json(json!({"email": email, "password": password})).await
}

/// Begins to add a passkey.
pub(crate) async fn begin_passkey(app: &Harness, cookie: &str, password: &str) -> Reply {
    app.post("/api/users/passkeys/begin").header("cookie", cookie).json(json!({"password": password})).await
}

/// Adds a passkey; the device that has it.
pub(crate) async fn add(app: &Harness, cookie: &str, name: &str) -> DevicePasskey {
    let begun = begin_passkey(app, cookie, PASSWORD).await.body;
    finish(app, cookie, &begun, name).await
}

/// Adds the passkey that was begun; the device that has it.
pub(crate) async fn finish(app: &Harness, cookie: &str, begun: &Value, name: &str) -> DevicePasskey {
    let (device, credential) = DevicePasskey::create(SITE, &begun["options"]);
    let body = json!({"ceremony": begun["ceremony"], "name": name, "credential": credential});
    let reply = app.post("/api/users/passkeys").header("cookie", cookie).json(body).await;
    assert_eq!(reply.status, 201, "{:?}", reply.body);
    device
}

/// Asks for more than the password from now on; the recovery codes.
pub(crate) async fn require_second_factor(app: &Harness, cookie: &str) -> Vec<String> {
    let request = app.post("/api/users/second-factor").header("cookie", cookie);
    let reply = request.json(json!({"password": PASSWORD})).await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    serde_json::from_value(reply.body["recoveryCodes"].clone()).expect("codes")
}

/// How somebody signs in beside the password.
pub(crate) async fn passkeys(app: &Harness, cookie: &str) -> Value {
    let reply = app.get("/api/users/passkeys").header("cookie", cookie).send().await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    reply.body
}

/// Whether the cookie signs anybody in.
pub(crate) async fn is_signed_in(app: &Harness, cookie: &str) -> bool {
    let reply = app.get("/api/users/currentuser").header("cookie", cookie).send().await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    !reply.body["currentUser"].is_null()
}

/// Ends a session as another replica does, whose event has not arrived here.
pub(crate) async fn end_elsewhere(app: &Harness, id: SessionId) {
    let end = |session: &mut Session, _| {
        let ended = session.end().changed().map_or(Outcome::Unchanged, |_| Outcome::Changed(()));
        Ok::<_, StoreError>(ended)
    };
    app.deps.store::<Session>().update(id, end).await.expect("ends");
}

/// The session's cookie that a response sets.
pub(crate) fn set_cookie(reply: &Reply) -> Cookie<'_> {
    cookie_named(reply, "session")
}

/// The cookie of this name that a response sets.
pub(crate) fn cookie_named<'a>(reply: &'a Reply, name: &str) -> Cookie<'a> {
    let all = reply.headers.get_all("set-cookie").iter();
    let mut all = all.map(|set| Cookie::parse(set.to_str().expect("text")).expect("a cookie"));
    all.find(|cookie| cookie.name() == name).unwrap_or_else(|| panic!("no cookie {name} in {reply:?}"))
}

/// The session's cookie that a response sets, as a browser sends it back.
pub(crate) fn cookie(reply: &Reply) -> String {
    set_cookie(reply).stripped().to_string()
}

/// The cookie by which the browser is recognised that gets this response, as it sends it back.
pub(crate) fn device(reply: &Reply) -> String {
    cookie_named(reply, "device").stripped().to_string()
}

/// Whether a response has the browser forget the session.
pub(crate) fn is_cleared(reply: &Reply) -> bool {
    let set = set_cookie(reply);
    let same_place = set.path() == Some("/") && set.domain().is_none();
    same_place && set.name_value() == ("session", "") && set.max_age() == Some(time::Duration::ZERO)
}

/// What a cookie's token says.
pub(crate) fn claims(cookie: &str) -> Claims {
    serde_json::from_value(part(cookie, 1)).expect("claims")
}

/// The header of a cookie's token.
pub(crate) fn header(cookie: &str) -> Value {
    part(cookie, 0)
}

fn part(cookie: &str, number: usize) -> Value {
    let token = cookie.strip_prefix("session=").expect("a session cookie");
    let part = token.split('.').nth(number).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

/// The claims of a cookie, signed by HMAC with our public key as the secret: the classic forgery
/// against verifiers that let the token choose the algorithm.
pub(crate) async fn signed_with_public_key_as_secret(app: &Harness, cookie: &str) -> String {
    let keys = app.get("/api/users/keys").send().await;
    let public = keys.body["keys"][0]["x"].as_str().expect("a key").to_owned();
    let secret = URL_SAFE_NO_PAD.decode(public).expect("base64url");
    let kid = self::header(cookie)["kid"].as_str().expect("a kid").to_owned();
    let header = Header { kid: Some(kid), ..Header::new(Algorithm::HS256) };
    jsonwebtoken::encode(&header, &claims(cookie), &EncodingKey::from_secret(&secret)).expect("signs")
}
