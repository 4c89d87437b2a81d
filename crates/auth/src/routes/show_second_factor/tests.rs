use std::time::Duration;

use common::events::NoticeDue;
use futures::future::join_all;
use harness::{DevicePasskey, Harness, Reply};
use serde_json::{Value, json};

use crate::domain::{Rate, User};
use crate::settings::{Limits, Settings};
use crate::testing::{
    self, ADA, PASSWORD, add, app_with_mail, is_signed_in, passkeys, require_second_factor, settings, sign_in, sign_up,
    start,
};

const NEW: &str = "harbour without fog";

/// Ada, with a session, a passkey and recovery codes.
async fn guarded(app: &Harness) -> (String, DevicePasskey, Vec<String>) {
    let cookie = sign_up(app, ADA).await;
    let phone = add(app, &cookie, "My phone").await;
    let codes = require_second_factor(app, &cookie).await;
    (cookie, phone, codes)
}

/// Gives the right password, and gets no further by that.
async fn half_way(app: &Harness) -> Value {
    let reply = sign_in(app, ADA, PASSWORD).await;
    assert_eq!((reply.status, reply.codes()), (401, vec!["second_factor_required"]));
    assert!(!reply.headers.contains_key("set-cookie"), "nobody is signed in by that");
    reply.body["secondFactor"].clone()
}

async fn show(app: &Harness, begun: &Value, shown: (&str, Value)) -> Reply {
    let mut body = json!({"ceremony": begun["ceremony"]});
    body[shown.0] = shown.1;
    app.post("/api/users/signin/second-factor").json(body).await
}

async fn show_code(app: &Harness, begun: &Value, code: &str) -> Reply {
    show(app, begun, ("recoveryCode", json!(code))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_and_a_passkey_sign_in_once() {
    let app = start(settings()).await;
    let (_, mut phone, _) = guarded(&app).await;
    let begun = half_way(&app).await;
    assert_eq!(begun["options"]["publicKey"]["allowCredentials"][0]["id"], phone.name);
    let signed = phone.sign(&begun["options"]);
    let reply = show(&app, &begun, ("credential", signed.clone())).await;
    assert_eq!((reply.status, &reply.body["email"]), (200, &json!(ADA)));
    assert!(is_signed_in(&app, &testing::cookie(&reply)).await);
    assert_eq!(show(&app, &begun, ("credential", signed)).await.codes(), ["ceremony_over"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_answered_as_ever_and_so_is_everybody_else() {
    let app = start(settings()).await;
    guarded(&app).await;
    let wrong = sign_in(&app, ADA, "wrong password").await;
    let unknown = sign_in(&app, "nobody@example.com", PASSWORD).await;
    assert_eq!((wrong.status, &wrong.body), (400, &unknown.body));
    sign_up(&app, "eve@example.com").await;
    assert_eq!(sign_in(&app, "eve@example.com", PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_codes_sign_in_once_each_and_the_owner_is_told() {
    let app = app_with_mail().await;
    let (cookie, _, codes) = guarded(&app).await;
    assert_eq!(codes.len(), 10);
    let users = app.deps.store::<User>().find(&Default::default()).await.expect("finds");
    let kept = serde_json::to_string(&users[0].value).expect("serialises");
    assert!(codes.iter().all(|code| !kept.contains(code) && !kept.contains(&code.replace('-', ""))), "{kept}");
    let reply = show_code(&app, &half_way(&app).await, &codes[0].to_lowercase().replace('-', " ")).await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    let again = show_code(&app, &half_way(&app).await, &codes[0]).await;
    assert_eq!((again.status, again.codes()), (400, vec!["invalid_credentials"]));
    assert_eq!(passkeys(&app, &cookie).await["recoveryCodesLeft"], 9);
    let told: Vec<NoticeDue> = testing::notices(&app).await;
    let used = told.iter().filter(|notice| json!(notice.kind) == "recovery-code-used");
    assert_eq!(used.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_show_one_code_at_once_one_is_signed_in() {
    let app = start(settings()).await;
    let (cookie, _, codes) = guarded(&app).await;
    let begun = join_all((0..5).map(|_| half_way(&app))).await;
    let shown = (0..50).map(|number| show_code(&app, &begun[number % begun.len()], &codes[0]));
    let replies = join_all(shown).await;
    let statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(passkeys(&app, &cookie).await["recoveryCodesLeft"], 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_can_be_followed_by_another_but_not_without_end() {
    let rate = Rate { burst: 4, per: Duration::from_secs(600) };
    let limits = Limits { sign_in_account_and_address: rate, ..Limits::default() };
    let app = start(Settings { limits, ..settings() }).await;
    let (_, mut phone, codes) = guarded(&app).await;
    let begun = half_way(&app).await;
    for wrong in ["0000-0000-0000-0000", "nonsense"] {
        assert_eq!(show_code(&app, &begun, wrong).await.codes(), ["invalid_credentials"]);
    }
    let nothing = show(&app, &begun, ("recoveryCode", json!(" "))).await;
    assert_eq!((nothing.status, nothing.messages()), (400, vec!["You must supply a passkey or a recovery code"]));
    assert_eq!(show_code(&app, &begun, &codes[0]).await.status, 200);
    let begun = half_way(&app).await;
    for _ in 0..3 {
        assert_eq!(show_code(&app, &begun, "0000-0000-0000-0000").await.status, 400);
    }
    assert_eq!(show_code(&app, &begun, &codes[1]).await.status, 429, "guessing counts as for passwords");
    let signed = phone.sign(&begun["options"]);
    assert_eq!(show(&app, &begun, ("credential", signed)).await.status, 429);
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 429, "a right password does not clear the count");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_begun_for_something_else_leads_nowhere() {
    let app = start(settings()).await;
    let (cookie, mut phone, codes) = guarded(&app).await;
    let registration = testing::begin_passkey(&app, &cookie, PASSWORD).await.body;
    let without_password = app.post("/api/users/signin/passkey/begin").send().await.body;
    for begun in [&registration, &without_password, &json!({"ceremony": "nonsense"}), &json!({})] {
        assert_eq!(show_code(&app, begun, &codes[0]).await.codes(), ["ceremony_over"], "{begun}");
    }
    let begun = half_way(&app).await;
    let body = json!({"ceremony": begun["ceremony"], "credential": phone.sign(&begun["options"])});
    assert_eq!(app.post("/api/users/signin/passkey").json(body).await.codes(), ["ceremony_over"]);
    assert_eq!(passkeys(&app, &cookie).await["recoveryCodesLeft"], 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_ends_what_was_begun_with_the_former_one_and_still_is_not_enough() {
    let app = start(settings()).await;
    let (cookie, _, codes) = guarded(&app).await;
    let begun = half_way(&app).await;
    let body = json!({"currentPassword": PASSWORD, "newPassword": NEW});
    assert_eq!(app.post("/api/users/password").header("cookie", &cookie).json(body).await.status, 200);
    assert_eq!(show_code(&app, &begun, &codes[0]).await.codes(), ["ceremony_over"]);
    let reply = sign_in(&app, ADA, NEW).await;
    assert_eq!(reply.codes(), ["second_factor_required"]);
    assert_eq!(show_code(&app, &reply.body["secondFactor"], &codes[0]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn new_codes_make_those_of_before_useless_and_without_a_second_factor_there_are_none() {
    let app = start(settings()).await;
    let (cookie, _, former) = guarded(&app).await;
    let codes = require_second_factor(&app, &cookie).await;
    let begun = half_way(&app).await;
    assert_eq!(show_code(&app, &begun, &former[0]).await.status, 400);
    assert_eq!(show_code(&app, &begun, &codes[0]).await.status, 200);
    let end = async || {
        let request = app.post("/api/users/second-factor/end").header("cookie", &cookie);
        request.json(json!({"password": PASSWORD})).await.status
    };
    assert_eq!((end().await, end().await), (200, 200));
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 200);
    assert_eq!(passkeys(&app, &cookie).await["recoveryCodesLeft"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_passkey_nothing_is_asked_for_and_the_last_one_takes_it_along() {
    let app = start(settings()).await;
    let cookie = sign_up(&app, ADA).await;
    let require = app.post("/api/users/second-factor").header("cookie", &cookie);
    assert_eq!(require.json(json!({"password": PASSWORD})).await.codes(), ["no_passkey"]);
    add(&app, &cookie, "My phone").await;
    require_second_factor(&app, &cookie).await;
    half_way(&app).await;
    let id = passkeys(&app, &cookie).await["passkeys"][0]["id"].as_str().expect("an id").to_owned();
    let remove = app.post(&format!("/api/users/passkeys/{id}/remove")).header("cookie", &cookie);
    assert_eq!(remove.json(json!({"password": PASSWORD})).await.status, 200);
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_site_has_lost_its_name_codes_are_good_still() {
    let mut app = start(settings()).await;
    let (_, mut phone, codes) = guarded(&app).await;
    let named = half_way(&app).await;
    testing::replace_service(&mut app, Settings { site: "http://127.0.0.1:3000".into(), ..settings() }).await;
    let begun = half_way(&app).await;
    assert_eq!(begun["options"], Value::Null);
    let signed = phone.sign(&named["options"]);
    assert_eq!(show(&app, &begun, ("credential", signed)).await.codes(), ["no_passkeys_here"]);
    assert_eq!(show_code(&app, &half_way(&app).await, &codes[0]).await.status, 200);
}
