//! What the audit log says of accounts, tried through the API.

use std::time::Duration;

use harness::{Audited, Reply};
use serde_json::json;

use crate::domain::Rate;
use crate::settings::{Limits, Settings};
use crate::testing::{self, ADA, PASSWORD, settings, signed_up, start};

const NEW: &str = "harbour without fog";
const PEER: &str = "2001:db8::7";

#[tokio::test]
async fn what_happens_to_an_account_is_written_down_with_who_and_from_where_and_without_secrets() {
    let rate = Rate { burst: 3, per: Duration::from_secs(60) };
    let limits = Limits { sign_in_account: rate, ..Limits::default() };
    let app = start(Settings { limits, trusted_proxies: 1, ..settings() }).await;
    let audited = Audited::begin();
    let signed_up = signed_up(&app, ADA).await;
    let try_to = async |path: &str, cookie: &str, body: serde_json::Value| -> Reply {
        let request = app.post(path).header("x-forwarded-for", PEER).header("x-request-id", "request-7");
        request.header("cookie", cookie).json(body).await
    };
    let sign_in =
        async |password: &str| try_to("/api/users/signin", "", json!({"email": ADA, "password": password})).await;
    assert_eq!(sign_in("wrong password").await.status, 400);
    let cookie = testing::cookie(&sign_in(PASSWORD).await);
    for _ in 0..3 {
        assert_eq!(sign_in("wrong password").await.status, 400);
    }
    assert_eq!(sign_in(PASSWORD).await.status, 429);
    let nobody = json!({"email": "nobody@example.com", "password": PASSWORD});
    assert_eq!(try_to("/api/users/signin", "", nobody).await.status, 400);
    let change = async |cookie: &str, current: &str| {
        let body = json!({"currentPassword": current, "newPassword": NEW});
        try_to("/api/users/password", cookie, body).await
    };
    assert_eq!(change(&cookie, "wrong password").await.status, 400);
    let cookie = testing::cookie(&change(&cookie, PASSWORD).await);
    assert_eq!(try_to("/api/users/signout", &cookie, json!({})).await.status, 200);

    let expected = [
        "signed_up",
        "sign_in_failed",
        "signed_in",
        "sign_in_failed",
        "sign_in_failed",
        "sign_in_failed",
        "sign_in_limited",
        "sign_in_failed",
        "password_change_failed",
        "password_changed",
        "sessions_ended",
    ];
    assert_eq!(audited.events(), expected);
    let ada = signed_up.body["id"].as_str().expect("an id");
    for (number, line) in audited.lines().iter().enumerate() {
        let is_of_ada = line.get("user").is_some_and(|user| user == ada);
        assert_eq!(is_of_ada, number != 7, "of an unknown account nothing is known: {line:?}");
        assert_eq!(line["service"], "auth");
        if number > 0 {
            assert!(line["peer"].contains(PEER) && line["request_id"].contains("request-7"), "{line:?}");
        }
        let text = format!("{line:?}");
        for secret in [ADA, "nobody@example.com", PASSWORD, NEW, "wrong password", "session="] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[tokio::test]
async fn what_happens_to_passkeys_is_written_down_without_codes_and_keys() {
    let app = start(settings()).await;
    let cookie = testing::cookie(&signed_up(&app, ADA).await);
    let audited = Audited::begin();
    testing::add(&app, &cookie, "My phone").await;
    let codes = testing::require_second_factor(&app, &cookie).await;
    let half_way = testing::sign_in(&app, ADA, PASSWORD).await.body["secondFactor"]["ceremony"].clone();
    for (code, status) in [("0000-0000-0000-0000", 400), (codes[0].as_str(), 200)] {
        let body = json!({"ceremony": half_way, "recoveryCode": code});
        assert_eq!(app.post("/api/users/signin/second-factor").json(body).await.status, status);
    }
    let id = testing::passkeys(&app, &cookie).await["passkeys"][0]["id"].as_str().expect("an id").to_owned();
    for path in ["/api/users/second-factor/end".to_owned(), format!("/api/users/passkeys/{id}/remove")] {
        let body = json!({"password": PASSWORD});
        assert_eq!(app.post(&path).header("cookie", &cookie).json(body).await.status, 200);
    }
    let expected = [
        "passkey_added",
        "second_factor_required",
        "sign_in_failed",
        "recovery_code_used",
        "signed_in",
        "second_factor_dropped",
        "passkey_removed",
    ];
    assert_eq!(audited.events(), expected);
    let user = json!(testing::claims(&cookie).sub);
    for line in audited.lines() {
        assert_eq!(json!(line["user"]), user, "{line:?}");
        let text = format!("{line:?}");
        assert!(!codes.iter().any(|code| text.contains(code)) && !text.contains("My phone"), "{text}");
    }
}

#[tokio::test]
async fn a_session_that_another_takes_the_place_of_is_written_down_as_its_owners() {
    let app = start(settings()).await;
    let (ada, eve) = (signed_up(&app, ADA).await, signed_up(&app, "eve@example.com").await);
    let audited = Audited::begin();
    let over = async |path: &str, before: &Reply, email: &str| {
        let request = app.post(path).header("cookie", &testing::cookie(before));
        request.json(json!({"email": email, "password": PASSWORD})).await
    };
    let id_of = |reply: &Reply| reply.body["id"].as_str().expect("an id").to_owned();
    let as_eve = over("/api/users/signin", &ada, "eve@example.com").await;
    let as_bob = over("/api/users/signup", &as_eve, "bob@example.com").await;
    assert_eq!(audited.events(), ["sessions_ended", "signed_in", "sessions_ended", "signed_up"]);
    let users: Vec<String> = audited.lines().iter().map(|line| line["user"].clone()).collect();
    assert_eq!(users, [id_of(&ada), id_of(&eve), id_of(&eve), id_of(&as_bob)], "the first was Ada's");
}
