use std::time::Duration;

use futures::future::join_all;
use harness::{Harness, Reply};
use http::HeaderValue;
use serde_json::json;

use crate::domain::{Rate, User};
use crate::settings::{HashCost, Limits, Settings};
use crate::testing::{self, ADA, PASSWORD, settings, sign_in, sign_up, start};

fn strict() -> Settings {
    let rate = |burst| Rate { burst, per: Duration::from_secs(60) };
    let limits = Limits {
        sign_in_account_and_address: rate(3),
        sign_in_account_and_device: rate(3),
        sign_in_account: rate(5),
        ..Limits::default()
    };
    Settings { limits, trusted_proxies: 1, ..settings() }
}

/// Tries to sign in with the cookie of a browser.
async fn try_in(app: &Harness, device: &str, email: &str, password: &str) -> Reply {
    let request = app.post("/api/users/signin").header("x-forwarded-for", "7.7.7.7").header("cookie", device);
    request.json(json!({"email": email, "password": password})).await
}

async fn try_from(app: &Harness, peer: &str, password: &str) -> u16 {
    let body = json!({"email": ADA, "password": password});
    app.post("/api/users/signin").header("x-forwarded-for", peer).json(body).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_opens_a_session_of_its_own() {
    let app = start(settings()).await;
    let first = sign_up(&app, ADA).await;
    let reply = sign_in(&app, "ADA@example.com", PASSWORD).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body["email"], ADA);
    assert_eq!(reply.body.as_object().expect("an object").len(), 2);
    assert_ne!(testing::claims(&first).sid, testing::claims(&testing::cookie(&reply)).sid);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_over_a_session_ends_it() {
    let app = start(settings()).await;
    let (ada, eve) = (sign_up(&app, ADA).await, sign_up(&app, "eve@example.com").await);
    let again = |email: &str, password: &str, cookie: &str| {
        let request = app.post("/api/users/signin").header("cookie", cookie);
        request.json(json!({"email": email, "password": password}))
    };
    assert_eq!(again(ADA, "wrong password", &ada).await.status, 400);
    assert!(testing::is_signed_in(&app, &ada).await, "nobody has signed in");
    let second = testing::cookie(&again(ADA, PASSWORD, &ada).await);
    assert!(!testing::is_signed_in(&app, &ada).await, "the one before is still good");
    assert!(testing::is_signed_in(&app, &second).await);
    assert_eq!(again("eve@example.com", PASSWORD, &second).await.status, 200);
    assert!(!testing::is_signed_in(&app, &second).await, "somebody else's, too");
    assert!(testing::is_signed_in(&app, &eve).await, "a session of another browser");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_address_get_the_same_response() {
    let app = start(settings()).await;
    sign_up(&app, ADA).await;
    let wrong = sign_in(&app, ADA, "lantern by the sea").await;
    let unknown = sign_in(&app, "nobody@example.com", PASSWORD).await;
    let error = json!({"code": "invalid_credentials", "message": "Invalid credentials"});
    assert_eq!((wrong.status, &wrong.body), (400, &json!({"errors": [error]})));
    assert_eq!((wrong.status, &wrong.body), (unknown.status, &unknown.body));
    assert!(!wrong.headers.contains_key("set-cookie"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_vouches_for_an_address_is_believed_and_nobody_else() {
    let rate = Rate { burst: 1, per: Duration::from_secs(60) };
    let limits = Limits { sign_in_account_and_address: rate, ..Limits::default() };
    let voucher = Some(HeaderValue::from_static("secret"));
    let app = start(Settings { limits, voucher, ..settings() }).await;
    let body = json!({"email": ADA, "password": "lantern by the sea"});
    let mut statuses = Vec::new();
    for (peer, voucher) in [("1.1.1.1", "secret"), ("2.2.2.2", "secret"), ("3.3.3.3", "guess"), ("4.4.4.4", "")] {
        let request = app.post("/api/users/signin").header("x-forwarded-for", peer).header("x-voucher", voucher);
        statuses.push(request.json(body.clone()).await.status);
    }
    assert_eq!(statuses, [400, 400, 400, 429], "without the voucher all come from one address");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_or_of_the_wrong_type_is_named() {
    let app = start(settings()).await;
    for body in [json!({}), json!({"email": {"$ne": null}, "password": {"$ne": null}}), json!({"password": " "})] {
        let reply = app.post("/api/users/signin").json(body.clone()).await;
        assert_eq!(reply.status, 400, "{body}");
        assert_eq!(reply.messages(), ["Email must be valid", "You must supply a password"], "{body}");
    }
    assert_eq!(app.post("/api/users/signin").raw("{}").await.status, 415);
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_lock_the_account_for_that_address_until_they_leak_away() {
    let app = start(strict()).await;
    sign_up(&app, ADA).await;
    for _ in 0..3 {
        assert_eq!(try_from(&app, "6.6.6.6", "wrong password").await, 400);
    }
    assert_eq!(try_from(&app, "6.6.6.6", PASSWORD).await, 429, "the right password does not help now");
    assert_eq!(try_from(&app, "1.1.1.1", PASSWORD).await, 200, "elsewhere the owner is not locked out");
    app.clock.advance(Duration::from_secs(20));
    assert_eq!(try_from(&app, "6.6.6.6", "wrong password").await, 400);
    assert_eq!(try_from(&app, "6.6.6.6", "wrong password").await, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attack_from_many_addresses_is_limited_but_does_not_lock_out_the_owners_browser() {
    let app = start(strict()).await;
    let device = testing::device(&testing::signed_up(&app, ADA).await);
    for host in 1..=5 {
        assert_eq!(try_from(&app, &format!("6.6.6.{host}"), "wrong password").await, 400);
    }
    assert_eq!(try_from(&app, "6.6.6.6", "wrong password").await, 429);
    assert_eq!(try_from(&app, "1.1.1.1", PASSWORD).await, 429, "an unknown browser, wherever it is");
    let again = try_in(&app, &device, ADA, PASSWORD).await;
    assert_eq!(again.status, 200, "the browser that has signed up is known");
    assert_eq!(testing::device(&again), device, "and stays the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_found_out_a_password_cannot_keep_its_owner_from_changing_it() {
    let rate = Rate { burst: 2, per: Duration::from_secs(60) };
    let limits = Limits { signed_in_account: rate, ..Limits::default() };
    let app = start(Settings { limits, trusted_proxies: 1, ..settings() }).await;
    let owner = testing::signed_up(&app, ADA).await;
    for (thief, status) in [("6.6.6.6", 200), ("6.6.6.7", 200), ("6.6.6.8", 429)] {
        assert_eq!(try_from(&app, thief, PASSWORD).await, status, "{thief}");
    }
    let again = try_in(&app, &testing::device(&owner), ADA, PASSWORD).await;
    assert_eq!(again.status, 200, "the owner's browser is known");
    let change = app.post("/api/users/password").header("cookie", &testing::cookie(&again));
    let change = change.json(json!({"currentPassword": PASSWORD, "newPassword": "harbour without fog"})).await;
    assert_eq!(change.status, 200, "{:?}", change.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_several_people_share_is_known_for_each_of_them() {
    let app = start(strict()).await;
    let mut device = testing::device(&testing::signed_up(&app, ADA).await);
    for email in ["eve@example.com", "bob@example.com", "cleo@example.com"] {
        let request = app.post("/api/users/signup").header("cookie", &device);
        device = testing::device(&request.json(json!({"email": email, "password": PASSWORD})).await);
    }
    for host in 1..=5 {
        assert_eq!(try_from(&app, &format!("6.6.6.{host}"), "wrong password").await, 400);
    }
    assert_eq!(try_from(&app, "1.1.1.1", PASSWORD).await, 429, "an unknown browser");
    assert_eq!(try_in(&app, &device, ADA, PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_browser_has_a_strict_limit_of_its_own_for_the_account_it_is_known_for() {
    let app = start(strict()).await;
    let device = testing::device(&testing::signed_up(&app, ADA).await);
    sign_up(&app, "eve@example.com").await;
    for _ in 0..3 {
        assert_eq!(try_in(&app, &device, ADA, "wrong password").await.status, 400);
    }
    assert_eq!(try_in(&app, &device, ADA, PASSWORD).await.status, 429);
    assert_eq!(try_from(&app, "1.1.1.1", PASSWORD).await, 200, "others are not kept out by it");
    for _ in 0..3 {
        assert_eq!(try_in(&app, &device, "eve@example.com", "wrong password").await.status, 400);
    }
    assert_eq!(try_in(&app, &device, "eve@example.com", PASSWORD).await.status, 429, "there it is anybody's");
    let forged = device.replace(device.split('.').nth(1).expect("an id"), "5f1f77bcf86cd799439011aa");
    assert_eq!(try_in(&app, &forged, "eve@example.com", PASSWORD).await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_cookie_is_that_of_an_unknown_browser() {
    let app = start(strict()).await;
    let device = testing::device(&testing::signed_up(&app, ADA).await);
    let id = device.split('.').nth(1).expect("an id");
    for number in 0..3 {
        let forged = device.replace(id, &format!("5f1f77bcf86cd79943901{number:03}"));
        assert_eq!(try_in(&app, &forged, ADA, "wrong password").await.status, 400);
    }
    for forged in [&device.replace(id, "5f1f77bcf86cd799439011aa"), "device=", "device=a.b.c", &format!("{device}x")] {
        assert_eq!(try_in(&app, forged, ADA, "wrong password").await.status, 429, "{forged}");
    }
    assert_eq!(try_in(&app, &device, ADA, PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_networks_of_ipv6_are_counted_together() {
    for (width, addresses) in [
        (56, ["2001:db8:1:101::1", "2001:db8:1:102::1", "2001:db8:1:103::1", "2001:db8:1:104::1"]),
        (48, ["2001:db8:1:1000::1", "2001:db8:1:2000::1", "2001:db8:1:3000::1", "2001:db8:1:4000::1"]),
    ] {
        let app = start(strict()).await;
        sign_up(&app, ADA).await;
        for address in &addresses[..3] {
            assert_eq!(try_from(&app, address, "wrong password").await, 400);
        }
        assert_eq!(try_from(&app, addresses[3], "wrong password").await, 429, "a /{width}");
        assert_eq!(try_from(&app, "2001:db8:2::1", "wrong password").await, 400, "another network");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn success_resets_the_accounts_count() {
    let app = start(strict()).await;
    sign_up(&app, ADA).await;
    for _ in 0..3 {
        assert_eq!(try_from(&app, "1.1.1.1", "wrong password").await, 400);
        assert_eq!(try_from(&app, "1.1.1.1", "wrong password").await, 400);
        assert_eq!(try_from(&app, "1.1.1.1", PASSWORD).await, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_the_same_time_count_like_guesses_one_after_the_other() {
    let app = start(strict()).await;
    sign_up(&app, ADA).await;
    let replies = join_all((0..20).map(|_| try_from(&app, "1.1.1.1", PASSWORD))).await;
    assert!(replies.iter().all(|status| *status == 200), "the right password is refused: {replies:?}");
    let replies = join_all((0..20).map(|_| try_from(&app, "6.6.6.6", "wrong password"))).await;
    assert_eq!(replies.iter().filter(|status| **status == 400).count(), 3, "{replies:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_forgives_nothing() {
    let mut app = start(strict()).await;
    sign_up(&app, ADA).await;
    for _ in 0..3 {
        assert_eq!(try_from(&app, "6.6.6.6", "wrong password").await, 400);
    }
    testing::replace_service(&mut app, strict()).await;
    assert_eq!(try_from(&app, "6.6.6.6", "wrong password").await, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_right_however_the_keyboard_composes_it() {
    let app = start(settings()).await;
    let body = json!({"email": ADA, "password": "cr\u{e8}me br\u{fb}l\u{e9}e"});
    assert_eq!(app.post("/api/users/signup").json(body).await.status, 201);
    let decomposed = "cre\u{300}me bru\u{302}le\u{301}e";
    assert_eq!(sign_in(&app, ADA, decomposed).await.status, 200);
    for (email, password) in [(ADA, "creme bru\u{302}lee"), ("nobody@example.com", decomposed)] {
        let reply = sign_in(&app, email, password).await;
        assert_eq!((reply.status, reply.messages()), (400, vec!["Invalid credentials"]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hash_with_former_parameters_is_renewed_on_sign_in() {
    let mut app = start(settings()).await;
    sign_up(&app, ADA).await;
    let hash_cost = HashCost { memory_kib: 16, ..settings().hash_cost };
    testing::replace_service(&mut app, Settings { hash_cost, ..settings() }).await;
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 200);
    let users = app.deps.store::<User>().find(&Default::default()).await.expect("finds");
    assert!(users[0].password_hash.0.contains("m=16,"), "{}", users[0].password_hash.0);
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.status, 200);
    assert_eq!(sign_in(&app, ADA, "wrong password").await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_the_same_however_a_keyboard_composes_it() {
    let app = start(settings()).await;
    let composed = "k\u{e4}se an der br\u{fc}cke";
    let decomposed = "ka\u{308}se an der bru\u{308}cke";
    let full_width = "ｋ\u{e4}se an der br\u{fc}cke";
    for (number, chosen) in [composed, decomposed, full_width].into_iter().enumerate() {
        let email = format!("ada-{number}@example.com");
        let made = app.post("/api/users/signup").json(json!({"email": email, "password": chosen})).await;
        assert_eq!(made.status, 201, "{chosen}");
        for typed in [composed, decomposed, full_width] {
            assert_eq!(sign_in(&app, &email, typed).await.status, 200, "{chosen:?} typed as {typed:?}");
        }
        for other in ["kase an der brucke", "k\u{e5}se an der br\u{fc}cke"] {
            assert_eq!(sign_in(&app, &email, other).await.status, 400, "{other}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_spellings_of_a_domain_are_one_account() {
    let app = start(settings()).await;
    let spellings = ["Ada@München.example", "ada@xn--mnchen-3ya.example", "ada@mu\u{308}nchen.EXAMPLE"];
    sign_up(&app, spellings[0]).await;
    for spelling in spellings {
        let reply = sign_in(&app, spelling, PASSWORD).await;
        assert_eq!((reply.status, &reply.body["email"]), (200, &json!("ada@xn--mnchen-3ya.example")), "{spelling}");
        let again = app.post("/api/users/signup").json(json!({"email": spelling, "password": PASSWORD})).await;
        assert_eq!(again.status, 400, "{spelling} is taken");
    }
}

/// Makes accounts that claim one address, one after the other, each with a password of its own.
async fn claims(app: &Harness, count: usize) -> Vec<(String, Reply)> {
    let mut made = Vec::new();
    for number in 0..count {
        let password = format!("harbour without fog {number}");
        let reply = app.post("/api/users/signup").json(json!({"email": ADA, "password": password})).await;
        assert_eq!(reply.status, 201, "{:?}", reply.body);
        app.clock.advance(Duration::from_secs(1));
        made.push((password, reply));
    }
    made
}

#[tokio::test(flavor = "multi_thread")]
async fn who_claims_an_address_later_shuts_out_nobody_who_claimed_it_before() {
    let app = testing::app_that_confirms().await;
    let made = claims(&app, 6).await;
    for (number, (password, account)) in made.iter().enumerate() {
        app.clock.advance(Duration::from_secs(600));
        let anywhere = sign_in(&app, ADA, password).await;
        match number {
            0 | 1 | 5 => assert_eq!((anywhere.status, &anywhere.body["id"]), (200, &account.body["id"]), "{number}"),
            _ => assert_eq!((anywhere.status, anywhere.messages()), (400, vec!["Invalid credentials"]), "{number}"),
        }
        let here = try_in(&app, &testing::device(account), ADA, password).await;
        assert_eq!((here.status, &here.body["id"]), (200, &account.body["id"]), "where it was made, {number}");
    }
    let elsewhere = testing::signed_up(&app, "eve@example.com").await;
    assert_eq!(try_in(&app, &testing::device(&elsewhere), ADA, &made[3].0).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_claims_an_address_gets_no_more_guesses_at_the_account_that_holds_it() {
    let limits = Limits { signed_in_account: Rate { burst: 1, per: Duration::from_secs(60) }, ..strict().limits };
    let app = start(Settings { limits, trusted_proxies: 1, ..testing::settings_that_confirm() }).await;
    let owner = testing::signed_up(&app, ADA).await;
    let token = testing::link(&app, &testing::notices(&app).await[0]).await;
    let confirm = app.post("/api/users/confirm").json(json!({"token": token, "password": PASSWORD})).await;
    assert_eq!(confirm.status, 200, "{:?}", confirm.body);
    app.clock.advance(Duration::from_secs(60));
    let (own, claim) = claims(&app, 1).await.remove(0);
    let device = testing::device(&claim);
    for (password, status) in [("wrong password", 400), (&*own, 200), ("wrong password", 400), ("wrong password", 429)]
    {
        assert_eq!(try_in(&app, &device, ADA, password).await.status, status, "{password}");
    }
    let (_, another) = claims(&app, 1).await.remove(0);
    assert_eq!(
        try_in(&app, &testing::device(&another), ADA, "wrong password").await.status,
        429,
        "nor in a browser each"
    );
    assert_eq!(try_in(&app, &testing::device(&owner), ADA, PASSWORD).await.status, 200, "the owner has their own");
    assert_eq!(try_from(&app, "1.1.1.1", PASSWORD).await, 200, "also elsewhere");
}
