use std::time::Duration;

use axum::Router;
use axum::routing::post;
use common::erasure::FIND_UNDER_WAY;
use common::events::NoticeDue;
use futures::future::join_all;
use harness::{DevicePasskey, Harness, Reply};
use serde_json::{Value, json};

use crate::settings::Settings;
use crate::testing::{
    self, ADA, PASSWORD, SITE, add, app_with_mail, begin_passkey, cookie, passkeys, settings, sign_in, sign_up, start,
};

const EVE: &str = "eve@example.com";

async fn finish(app: &Harness, cookie: &str, begun: &Value, credential: &Value) -> Reply {
    let body = json!({"ceremony": begun["ceremony"], "name": "My phone", "credential": credential});
    app.post("/api/users/passkeys").header("cookie", cookie).json(body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_added_once_and_listed_without_its_key() {
    let app = start(settings()).await;
    let cookie = sign_up(&app, ADA).await;
    let begun = begin_passkey(&app, &cookie, PASSWORD).await;
    assert_eq!(begun.status, 200, "{:?}", begun.body);
    let options = &begun.body["options"]["publicKey"];
    assert_eq!((&options["rp"]["id"], &options["user"]["name"]), (&json!("localhost"), &json!(ADA)));
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    let (_, credential) = DevicePasskey::create(SITE, &begun.body["options"]);
    let added = finish(&app, &cookie, &begun.body, &credential).await;
    assert_eq!(added.status, 201, "{:?}", added.body);
    let expected = json!({"passkeys": [{"id": added.body["id"], "name": "My phone", "createdAt": app.clock.now()}],
        "secondFactor": false, "recoveryCodesLeft": 0});
    assert_eq!(passkeys(&app, &cookie).await, expected);
    let again = finish(&app, &cookie, &begun.body, &credential).await;
    assert_eq!((again.status, again.codes()), (400, vec!["ceremony_over"]));
    // The device is told which passkeys it need not make again.
    let next = begin_passkey(&app, &cookie, PASSWORD).await;
    assert_eq!(next.body["options"]["publicKey"]["excludeCredentials"][0]["id"], credential["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ceremony_is_finished_once_in_time_and_by_who_began_it() {
    let app = start(settings()).await;
    let (ada, eve) = (sign_up(&app, ADA).await, sign_up(&app, EVE).await);
    let elsewhere = cookie(&sign_in(&app, ADA, PASSWORD).await);
    let begun = begin_passkey(&app, &ada, PASSWORD).await.body;
    let (_, credential) = DevicePasskey::create(SITE, &begun["options"]);
    for cookie in [&eve, &elsewhere] {
        assert_eq!(finish(&app, cookie, &begun, &credential).await.codes(), ["ceremony_over"]);
    }
    assert_eq!(finish(&app, "", &begun, &credential).await.status, 401);
    let tries = join_all((0..20).map(|_| finish(&app, &ada, &begun, &credential))).await;
    assert_eq!(tries.iter().filter(|reply| reply.status == 201).count(), 1);
    assert!(tries.iter().all(|reply| reply.status == 201 || reply.codes() == ["ceremony_over"]));

    let late = begin_passkey(&app, &ada, PASSWORD).await.body;
    let (_, credential) = DevicePasskey::create(SITE, &late["options"]);
    app.clock.advance(Duration::from_secs(300));
    assert_eq!(finish(&app, &ada, &late, &credential).await.codes(), ["ceremony_over"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_one_accounts_until_that_is_erased() {
    let app = start(settings()).await;
    app.deps.platform.peers.serve(Router::new().route(FIND_UNDER_WAY, post(async || axum::Json(json!([])))));
    let (ada, eve) = (sign_up(&app, ADA).await, sign_up(&app, EVE).await);
    let begun = begin_passkey(&app, &ada, PASSWORD).await.body;
    let (device, credential) = DevicePasskey::create(SITE, &begun["options"]);
    assert_eq!(finish(&app, &ada, &begun, &credential).await.status, 201);
    for cookie in [&eve, &ada] {
        let begun = begin_passkey(&app, cookie, PASSWORD).await.body;
        let copied = device.create_again(&begun["options"]);
        assert_eq!(finish(&app, cookie, &begun, &copied).await.codes(), ["passkey_refused"]);
    }
    assert_eq!(passkeys(&app, &eve).await["passkeys"], json!([]));
    let erase = app.post("/api/users/erase").header("cookie", &ada).json(json!({"password": PASSWORD})).await;
    assert_eq!(erase.status, 200, "{:?}", erase.body);
    let begun = begin_passkey(&app, &eve, PASSWORD).await.body;
    let copied = device.create_again(&begun["options"]);
    assert_eq!(finish(&app, &eve, &begun, &copied).await.status, 201, "nothing is left of the account");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_device_of_this_site_has_made_is_refused() {
    let app = start(settings()).await;
    let cookie = sign_up(&app, ADA).await;
    let (one, other) = (begin_passkey(&app, &cookie, PASSWORD).await, begin_passkey(&app, &cookie, PASSWORD).await);
    let (_, of_other) = DevicePasskey::create(SITE, &other.body["options"]);
    let begun = begin_passkey(&app, &cookie, PASSWORD).await;
    let (_, elsewhere) = DevicePasskey::create("http://evil.example", &begun.body["options"]);
    for (begun, credential) in [(one, of_other), (begun, elsewhere)] {
        assert_eq!(finish(&app, &cookie, &begun.body, &credential).await.codes(), ["passkey_refused"]);
        assert_eq!(finish(&app, &cookie, &begun.body, &credential).await.codes(), ["ceremony_over"]);
    }
    let begun = begin_passkey(&app, &cookie, PASSWORD).await;
    assert_eq!(finish(&app, &cookie, &begun.body, &json!("nonsense")).await.codes(), ["invalid_field"]);
    assert_eq!(passkeys(&app, &cookie).await["passkeys"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_is_needed_to_add_and_to_remove() {
    let app = start(settings()).await;
    let cookie = sign_up(&app, ADA).await;
    for (password, message) in [("wrong password", "Invalid credentials"), ("", "You must supply a password")] {
        let reply = begin_passkey(&app, &cookie, password).await;
        assert_eq!((reply.status, reply.messages()), (400, vec![message]));
    }
    assert_eq!(begin_passkey(&app, "", PASSWORD).await.status, 401);
    add(&app, &cookie, "My phone").await;
    let id = passkeys(&app, &cookie).await["passkeys"][0]["id"].as_str().expect("an id").to_owned();
    let remove = async |cookie: &str, id: &str, password: &str| {
        let request = app.post(&format!("/api/users/passkeys/{id}/remove")).header("cookie", cookie);
        request.json(json!({"password": password})).await.status
    };
    assert_eq!(remove(&cookie, &id, "wrong password").await, 400);
    let eve = sign_up(&app, EVE).await;
    assert_eq!((remove(&eve, &id, PASSWORD).await, remove(&cookie, "nonsense", PASSWORD).await), (404, 404));
    assert_eq!((remove(&cookie, &id, PASSWORD).await, remove(&cookie, &id, PASSWORD).await), (200, 404));
    assert_eq!(passkeys(&app, &cookie).await["passkeys"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_is_told_of_each_change() {
    let app = app_with_mail().await;
    let cookie = sign_up(&app, ADA).await;
    add(&app, &cookie, "My phone").await;
    testing::require_second_factor(&app, &cookie).await;
    let told: Vec<NoticeDue> = testing::notices(&app).await;
    assert_eq!(told.iter().map(|notice| json!(notice.kind)).collect::<Vec<_>>(), ["sign-in-changed"; 2]);
    assert_ne!(told[0].id, told[1].id);
    for notice in &told {
        assert_eq!(testing::ask_about(&app, notice).await, json!({"at": {"email": ADA}}));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_lines_of_some_length() {
    let app = start(settings()).await;
    let cookie = sign_up(&app, ADA).await;
    let begun = begin_passkey(&app, &cookie, PASSWORD).await.body;
    for name in [json!(""), json!("x".repeat(65)), json!(7), Value::Null] {
        let (_, credential) = DevicePasskey::create(SITE, &begun["options"]);
        let body = json!({"ceremony": begun["ceremony"], "name": name, "credential": credential});
        let reply = app.post("/api/users/passkeys").header("cookie", &cookie).json(body).await;
        assert_eq!((reply.status, reply.messages()), (400, vec!["Name must be between 1 and 64 characters"]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_without_a_name_has_no_passkeys() {
    let app = start(Settings { site: "http://127.0.0.1:3000".into(), ..settings() }).await;
    let cookie = sign_up(&app, ADA).await;
    assert_eq!(begin_passkey(&app, &cookie, PASSWORD).await.codes(), ["no_passkeys_here"]);
    assert_eq!(app.post("/api/users/signin/passkey/begin").send().await.codes(), ["no_passkeys_here"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_yet_to_confirm_their_address_leaves_no_way_into_an_account_that_may_be_anothers() {
    let app = testing::app_that_confirms().await;
    let cookie = sign_up(&app, ADA).await;
    let begun = begin_passkey(&app, &cookie, PASSWORD).await;
    assert_eq!((begun.status, begun.codes()), (403, vec!["address_not_confirmed"]));
    let request = app.post("/api/users/second-factor").header("cookie", &cookie);
    assert_eq!(request.json(json!({"password": PASSWORD})).await.codes(), ["address_not_confirmed"]);
}
