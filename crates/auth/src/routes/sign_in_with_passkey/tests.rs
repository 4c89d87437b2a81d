use std::time::Duration;

use futures::future::join_all;
use harness::{Harness, Reply};
use serde_json::{Value, json};

use crate::domain::{Ceremony, Rate};
use crate::settings::{Limits, Settings};
use crate::testing::{
    self, ADA, PASSWORD, add, is_signed_in, passkeys, require_second_factor, settings, sign_up, start, until,
};

async fn begin(app: &Harness) -> Value {
    let reply = app.post("/api/users/signin/passkey/begin").send().await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    reply.body
}

async fn finish(app: &Harness, begun: &Value, credential: &Value) -> Reply {
    let body = json!({"ceremony": begun["ceremony"], "credential": credential});
    app.post("/api/users/signin/passkey").json(body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_signs_its_owner_in_without_a_password_and_once() {
    let app = start(settings()).await;
    let cookie = sign_up(&app, ADA).await;
    let mut phone = add(&app, &cookie, "My phone").await;
    let begun = begin(&app).await;
    assert_eq!(begun["options"]["publicKey"]["allowCredentials"], json!([]), "nobody has said who they are");
    let signed = phone.sign(&begun["options"]);
    app.clock.advance(Duration::from_secs(60));
    let reply = finish(&app, &begun, &signed).await;
    assert_eq!((reply.status, &reply.body["email"]), (200, &json!(ADA)));
    assert!(is_signed_in(&app, &testing::cookie(&reply)).await);
    assert_eq!(finish(&app, &begun, &signed).await.codes(), ["ceremony_over"]);
    assert_eq!(passkeys(&app, &cookie).await["passkeys"][0]["lastUsedAt"], json!(app.clock.now()));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_show_one_signature_at_once_one_is_signed_in() {
    let app = start(settings()).await;
    let mut phone = add(&app, &sign_up(&app, ADA).await, "My phone").await;
    let begun = begin(&app).await;
    let signed = phone.sign(&begun["options"]);
    let replies = join_all((0..50).map(|_| finish(&app, &begun, &signed))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
    assert!(replies.iter().all(|reply| reply.status == 200 || reply.codes() == ["ceremony_over"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_enough_where_a_password_is_not() {
    let app = start(settings()).await;
    let cookie = sign_up(&app, ADA).await;
    let mut phone = add(&app, &cookie, "My phone").await;
    require_second_factor(&app, &cookie).await;
    let begun = begin(&app).await;
    assert_eq!(finish(&app, &begun, &phone.sign(&begun["options"])).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_passkey_of_an_account_has_signed_lets_nobody_in() {
    let app = start(settings()).await;
    let cookie = sign_up(&app, ADA).await;
    let mut phone = add(&app, &cookie, "My phone").await;
    let mut strangers = add(&app, &sign_up(&app, "eve@example.com").await, "Hers").await;

    let (begun, other) = (begin(&app).await, begin(&app).await);
    let of_another_challenge = phone.sign(&other["options"]);
    let mut of_another_account = strangers.sign(&begun["options"]);
    of_another_account["response"]["userHandle"] = of_another_challenge["response"]["userHandle"].clone();
    let mut of_nobody = of_another_challenge.clone();
    of_nobody["response"]["userHandle"] = json!("AAAAAAAAAAAAAAAAAAAAAA");
    let mut unnamed = of_another_challenge.clone();
    unnamed["response"]["userHandle"] = Value::Null;
    phone.origin = "http://evil.example".into();
    let elsewhere = phone.sign(&begun["options"]);
    phone.origin = testing::SITE.into();
    phone.verifies = false;
    let unverified = phone.sign(&begun["options"]);
    let refused = [of_another_challenge, of_another_account, of_nobody, unnamed, elsewhere, unverified];
    for nonsense in [json!("nonsense"), json!({}), Value::Null] {
        assert_eq!(finish(&app, &begin(&app).await, &nonsense).await.codes(), ["invalid_field"]);
    }
    for credential in refused {
        let begun = begin(&app).await;
        let reply = finish(&app, &begun, &credential).await;
        assert_eq!((reply.status, reply.codes()), (400, vec!["invalid_credentials"]), "{credential}");
        assert!(!reply.headers.contains_key("set-cookie"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_for_another_site_or_without_its_owner_is_refused_also_for_the_right_challenge() {
    let app = start(settings()).await;
    let mut phone = add(&app, &sign_up(&app, ADA).await, "My phone").await;
    for (origin, verifies) in [("http://evil.example", true), (testing::SITE, false)] {
        (phone.origin, phone.verifies) = (origin.to_owned(), verifies);
        let begun = begin(&app).await;
        assert_eq!(finish(&app, &begun, &phone.sign(&begun["options"])).await.codes(), ["invalid_credentials"]);
    }
    (phone.origin, phone.verifies) = ("http://localhost:4444".to_owned(), true);
    let begun = begin(&app).await;
    assert_eq!(finish(&app, &begun, &phone.sign(&begun["options"])).await.status, 200, "this machine has many ports");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_passkey_that_counts_is_recognised() {
    let app = start(settings()).await;
    let mut phone = add(&app, &sign_up(&app, ADA).await, "My phone").await;
    for _ in 0..2 {
        let begun = begin(&app).await;
        assert_eq!(finish(&app, &begun, &phone.sign(&begun["options"])).await.status, 200);
    }
    phone.count = 1;
    let begun = begin(&app).await;
    assert_eq!(finish(&app, &begun, &phone.sign(&begun["options"])).await.codes(), ["invalid_credentials"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_comes_within_five_minutes_and_any_replica_takes_it() {
    let mut app = start(settings()).await;
    let mut phone = add(&app, &sign_up(&app, ADA).await, "My phone").await;
    let (begun, late) = (begin(&app).await, begin(&app).await);
    testing::replace_service(&mut app, settings()).await;
    assert_eq!(finish(&app, &begun, &phone.sign(&begun["options"])).await.status, 200);
    app.clock.advance(Duration::from_secs(300));
    assert_eq!(finish(&app, &late, &phone.sign(&late["options"])).await.codes(), ["ceremony_over"]);
    let ceremonies = app.deps.store::<Ceremony>();
    app.clock.advance(Duration::from_secs(2 * 3600));
    until(async || ceremonies.find(&Default::default()).await.expect("finds").is_empty()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_begun_at_one_address_is_limited() {
    let rate = Rate { burst: 3, per: Duration::from_secs(60) };
    let limits = Limits { sign_in_address: rate, ..Limits::default() };
    let app = start(Settings { limits, trusted_proxies: 1, ..settings() }).await;
    let begin = async |peer: &str| {
        let request = app.post("/api/users/signin/passkey/begin").header("x-forwarded-for", peer);
        request.send().await.status
    };
    for expected in [200, 200, 200, 429] {
        assert_eq!(begin("6.6.6.6").await, expected);
    }
    assert_eq!(begin("1.1.1.1").await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_tokens_nor_an_account_that_is_gone_let_anybody_in() {
    let app = start(settings()).await;
    let cookie = sign_up(&app, ADA).await;
    let mut phone = add(&app, &cookie, "My phone").await;
    let begun = begin(&app).await;
    let signed = phone.sign(&begun["options"]);
    let kept = app.deps.store::<Ceremony>().find(&Default::default()).await.expect("finds");
    let kept = serde_json::to_string(&kept.iter().map(|kept| &kept.value).collect::<Vec<_>>()).expect("serialises");
    assert!(!kept.contains(begun["ceremony"].as_str().expect("text")), "{kept}");
    let removed = passkeys(&app, &cookie).await["passkeys"][0]["id"].as_str().expect("an id").to_owned();
    let request = app.post(&format!("/api/users/passkeys/{removed}/remove")).header("cookie", &cookie);
    assert_eq!(request.json(json!({"password": PASSWORD})).await.status, 200);
    assert_eq!(finish(&app, &begun, &signed).await.codes(), ["invalid_credentials"]);
}
