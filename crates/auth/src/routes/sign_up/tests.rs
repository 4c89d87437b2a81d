use std::collections::HashMap;
use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::json;
use tower_cookies::cookie::{SameSite, time};

use crate::domain::{Attempts, Rate};
use crate::settings::{HashQueue, Limits, Settings};
use crate::testing::{self, ADA, HOUR, PASSWORD, settings, start};

const OTHER: &str = "harbour without fog";

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
    assert_eq!((device.http_only(), device.same_site(), device.path()), (Some(true), Some(SameSite::Lax), Some("/")));
    let me = app.get("/api/users/currentuser").header("cookie", &testing::cookie(&reply)).send().await;
    assert_eq!(me.body["currentUser"]["id"], reply.body["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_up_over_a_session_ends_it() {
    let app = start(settings()).await;
    let ada = testing::sign_up(&app, ADA).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn where_addresses_are_confirmed_a_known_one_is_answered_as_an_unknown_one() {
    let app = testing::app_that_confirms().await;
    let owner = testing::sign_up(&app, ADA).await;
    let notice = testing::notices(&app).await.remove(0);
    let token = testing::link(&app, &notice).await;
    let confirm = app.post("/api/users/confirm").header("cookie", &owner).json(json!({"token": token})).await;
    assert_eq!(confirm.status, 200);
    let sign_up = |email: &str| app.post("/api/users/signup").json(json!({"email": email, "password": OTHER}));
    let (known, unknown) = (sign_up(ADA).await, sign_up("eve@example.com").await);
    for (reply, email) in [(&known, ADA), (&unknown, "eve@example.com")] {
        assert_eq!((reply.status, &reply.body["email"]), (201, &json!(email)));
        assert_eq!(reply.body.as_object().expect("an object").len(), 2, "{:?}", reply.body);
        assert_eq!(reply.headers.get_all("set-cookie").iter().count(), 2);
        let cookie = testing::cookie(reply);
        assert!(testing::claims(&cookie).unconfirmed);
        let again = app.post("/api/users/confirmation").header("cookie", &cookie).send().await;
        assert_eq!((again.status, again.body), (200, json!({})));
        let signed_in = testing::sign_in(&app, email, OTHER).await;
        assert_eq!((signed_in.status, &signed_in.body["id"]), (200, &reply.body["id"]), "it can be used again");
    }
    let owner = testing::claims(&owner).sub;
    let told: Vec<_> = testing::notices(&app).await.into_iter().skip(1).collect();
    let of = |user, kind: &str| told.iter().filter(|it| it.user_id == user && json!(it.kind) == kind).count();
    assert_eq!(of(owner, "sign-up-again"), 2, "{told:?}");
    assert_eq!(of(testing::claims(&testing::cookie(&unknown)).sub, "confirm-address"), 2, "{told:?}");
    assert_eq!(told.len(), 4, "nobody else is told anything: {told:?}");
    let answer = testing::ask_about(&app, told.iter().find(|it| it.user_id == owner).expect("is told")).await;
    assert_eq!(answer, json!({"at": {"email": ADA}}));
    assert_eq!(testing::sign_in(&app, ADA, PASSWORD).await.body["id"], json!(owner));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_claims_an_address_keeps_nobody_from_it() {
    let app = testing::app_that_confirms().await;
    let (first, second) = (testing::signed_up(&app, ADA).await, testing::signed_up(&app, ADA).await);
    assert_ne!(first.body["id"], second.body["id"]);
    let reply = testing::sign_in(&app, ADA, OTHER).await;
    assert_eq!((reply.status, reply.messages()), (400, vec!["Invalid credentials"]));
    let reply = testing::sign_in(&app, ADA, PASSWORD).await;
    assert_eq!((reply.status, &reply.body["id"]), (200, &second.body["id"]), "the last that was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_had_too_many_mails_sent_gets_an_account_and_no_mail() {
    let limits = Limits { mails_account: Rate { burst: 1, per: HOUR }, ..Limits::default() };
    let app = start(Settings { limits, ..testing::settings_that_confirm() }).await;
    for _ in 0..3 {
        testing::sign_up(&app, ADA).await;
    }
    assert_eq!(testing::notices(&app).await.len(), 1);
}

/// Two hundred of each, alternately; a machine does other things, too, so that some more may be needed.
#[tokio::test(flavor = "multi_thread")]
async fn where_addresses_are_confirmed_a_known_one_takes_as_long_as_an_unknown_one() {
    const SAMPLES: usize = 200;
    const ROUNDS: usize = 6;
    let app = start(Settings { limits: unlimited(), ..testing::settings_that_confirm() }).await;
    let timed = async |email: String| {
        let began = Instant::now();
        let reply = app.post("/api/users/signup").json(json!({"email": email, "password": PASSWORD})).await;
        assert_eq!(reply.status, 201, "{:?}", reply.body);
        began.elapsed()
    };
    let (mut known, mut unknown, mut difference) = (Vec::new(), Vec::new(), f64::MAX);
    for round in 0..ROUNDS {
        let of = |kind: &str, sample: usize| format!("{kind}-{round}-{sample}@example.com");
        let mut owners = HashMap::new();
        for sample in 0..SAMPLES {
            let cookie = testing::sign_up(&app, &of("known", sample)).await;
            owners.insert(testing::claims(&cookie).sub, cookie);
        }
        for notice in testing::notices(&app).await.split_off(known.len() * 3) {
            let token = testing::link(&app, &notice).await;
            let confirm = app.post("/api/users/confirm").header("cookie", &owners[&notice.user_id]);
            assert_eq!(confirm.json(json!({"token": token})).await.status, 200);
        }
        // What has been counted of them is forgotten, as it is in life when the others come.
        app.clock.advance(HOUR * 3);
        let counts = app.deps.store::<Attempts>();
        testing::until(async || counts.find(&Default::default()).await.expect("finds").is_empty()).await;
        for sample in 0..SAMPLES {
            known.push(timed(of("known", sample)).await);
            unknown.push(timed(of("unknown", sample)).await);
        }
        known.sort_unstable();
        unknown.sort_unstable();
        let median = |times: &[Duration]| times[times.len() / 2].as_secs_f64();
        difference = (median(&known) / median(&unknown) - 1.0) * 100.0;
        if difference.abs() <= 5.0 {
            return;
        }
    }
    panic!("known addresses take {difference:.1} % more than unknown ones, of {} samples", known.len());
}

fn unlimited() -> Limits {
    let plenty = Rate { burst: 1_000_000, per: Duration::from_secs(1) };
    Limits { sign_up_address: plenty, mails_address: plenty, ..Limits::default() }
}
