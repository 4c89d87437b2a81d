//! Requests with an `Idempotency-Key`, of a service that makes things.

mod things;

use std::time::Duration;

use harness::{Reply, TestUser, within};
use serde_json::{Value, json};
use things::App;

/// Longer than the claim of a request that died holds.
const LEASE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn code(reply: &Reply) -> (u16, &str) {
    (reply.status, reply.body["errors"][0]["code"].as_str().unwrap_or_default())
}

fn is_replay(reply: &Reply) -> bool {
    reply.headers.get("idempotent-replayed").is_some_and(|value| value == "true")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_acts_once_and_is_answered_the_same() {
    let app = App::start().await;
    let ada = app.user();
    let first = app.make(&ada, "k", json!({"name": "chair"})).await;
    let again = app.make(&ada, "k", json!({"name": "chair"})).await;
    assert_eq!((first.status, is_replay(&first)), (201, false));
    assert_eq!((again.status, is_replay(&again)), (201, true));
    assert_eq!(again.body, first.body);
    for kept in ["content-type", "location", "etag"] {
        assert_eq!(again.headers.get(kept), first.headers.get(kept), "{kept}");
        assert!(again.headers.contains_key(kept), "{kept}");
    }
    assert_eq!((app.calls(), app.things().await.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_answered_the_same_too() {
    let app = App::start().await;
    let ada = app.user();
    for is_repeated in [false, true] {
        let reply = app.make(&ada, "k", json!({"name": ""})).await;
        assert_eq!((code(&reply), is_replay(&reply)), ((400, "nameless"), is_repeated));
    }
    assert_eq!(app.calls(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_body_or_route_under_the_key_is_refused() {
    let app = App::start().await;
    let ada = app.user();
    app.make(&ada, "k", json!({"name": "chair"})).await;
    let body = app.make(&ada, "k", json!({"name": "table"})).await;
    let route = app.post("/api/things/7").header("idempotency-key", "k").by(&ada).json(json!({"name": "chair"})).await;
    for reply in [body, route] {
        assert_eq!(code(&reply), (422, "idempotency_key_reused"));
    }
    assert_eq!(app.calls(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_its_users_alone() {
    let app = App::start().await;
    let replies = [
        app.make(&app.user(), "k", json!({"name": "chair"})).await,
        app.make(&app.user(), "k", json!({"name": "table"})).await,
    ];
    assert_eq!(replies.map(|reply| (reply.status, is_replay(&reply))), [(201, false); 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_every_request_acts() {
    let app = App::start().await;
    let ada = app.user();
    let make = || app.post("/api/things").by(&ada).json(json!({"name": "chair"}));
    let (one, two) = (make().await, make().await);
    assert_ne!(one.body["id"], two.body["id"]);
    assert_eq!(app.calls(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_none_is_refused() {
    let app = App::start().await;
    let ada = app.user();
    for key in ["", "two words", &"k".repeat(256)] {
        let reply = app.make(&ada, key, json!({"name": "chair"})).await;
        assert_eq!(code(&reply), (400, "invalid_field"), "{key:?}");
        assert_eq!(reply.body["errors"][0]["field"], "Idempotency-Key");
        let ignored = app.post("/api/users/things").header("idempotency-key", key).json(json!({"name": "chair"})).await;
        assert_eq!(code(&ignored), (400, "invalid_field"), "where keys are ignored, {key:?}");
    }
    assert_eq!(app.calls(), 0);
}

/// Answers that another try may improve on are not kept: 500, 503, 401, 403 and 429.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_failure_the_key_is_free_and_the_id_the_same() {
    let app = App::start().await;
    let ada = app.user();
    for failure in [500, 503, 401, 403, 429] {
        let (key, body) = (format!("key-{failure}"), json!({"name": "chair", "failOnce": failure}));
        assert_eq!(app.make(&ada, &key, body.clone()).await.status, failure);
        let made = app.made_last();
        let again = app.make(&ada, &key, body.clone()).await;
        assert_eq!((again.status, is_replay(&again), &again.body["id"]), (200, false, &json!(made)));
        assert!(is_replay(&app.make(&ada, &key, body).await), "it succeeded");
        let (key, other) = (format!("{key}-other"), json!({"name": "table", "failOnce": failure}));
        app.make(&ada, &key, other).await;
        assert_eq!(app.make(&ada, &key, json!({"name": "bed"})).await.status, 201, "the key is free for another");
    }
    assert_eq!(app.things().await.len(), 5 * 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_at_the_same_time_waits_for_the_first() {
    let app = App::start().await;
    let ada = app.user();
    let body = json!({"name": "slow"});
    let (first, second, ()) =
        tokio::join!(app.make(&ada, "k", body.clone()), app.make(&ada, "k", body.clone()), async {
            app.until_called(1).await;
            app.let_go();
        });
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.body, second.body);
    assert_eq!([first, second].iter().filter(|reply| is_replay(reply)).count(), 1);
    assert_eq!(app.calls(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_waited_long_enough_for_the_first_is_told_to_try_again() {
    let app = App::start().await;
    let (ada, body) = (app.user(), json!({"name": "slow"}));
    let first = app.spawn_make(&ada, "k", body.clone());
    app.until_called(1).await;
    let second = app.spawn_make(&ada, "k", body.clone());
    app.until_somebody_waits().await;
    app.clock.advance(Duration::from_secs(5));
    let reply = within(second).await.expect("no panic");
    assert_eq!(code(&reply), (409, "request_in_progress"));
    assert_eq!(reply.headers["retry-after"], "1");
    app.let_go();
    assert_eq!(within(first).await.expect("no panic").status, 201);
    assert!(is_replay(&app.make(&ada, "k", body).await));
}

/// A process that dies after the commit and before the answer is kept leaves its claim behind.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_died_is_repeated_and_finds_what_it_made() {
    let app = App::start().await;
    let (ada, body) = (app.user(), json!({"name": "slow"}));
    let dead = app.spawn_make(&ada, "k", body.clone());
    app.until_called(1).await;
    let made = app.made_last();
    app.clock.advance(LEASE);
    let again = within(app.make(&ada, "k", body.clone())).await;
    assert_eq!((again.status, &again.body["id"]), (200, &json!(made)));
    // It was only slow, after all: its answer does not replace the one that was given.
    app.let_go();
    assert_eq!(within(dead).await.expect("no panic").status, 201);
    let replay = app.make(&ada, "k", body).await;
    assert_eq!((replay.status, is_replay(&replay)), (200, true));
    assert_eq!(app.things().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_kept_for_a_day_and_forgotten_after_it() {
    let app = App::start().await;
    let ada = app.user();
    app.make(&ada, "old", json!({"name": "chair"})).await;
    // Less than the pause between two looks for old answers.
    app.clock.advance(Duration::from_secs(59 * 60));
    app.make(&ada, "young", json!({"name": "chair"})).await;
    app.clock.advance(DAY - Duration::from_secs(58 * 60));
    within(async {
        while app.kept_answers().await != ["young"] {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
}

/// The answers of these are sessions.
#[tokio::test(flavor = "multi_thread")]
async fn keys_are_ignored_where_sessions_begin_and_where_nobody_is_signed_in() {
    let app = App::start().await;
    let ada = app.user();
    for _ in 0..2 {
        let reply =
            app.post("/api/users/things").header("idempotency-key", "k").by(&ada).json(json!({"name": "a"})).await;
        assert_eq!((reply.status, is_replay(&reply)), (201, false));
        let reply = app.post("/api/things").header("idempotency-key", "k").json(json!({"name": "a"})).await;
        assert_eq!(reply.status, 401);
        let reply = app.make(&ada, "cookie", json!({"name": "cookie"})).await;
        assert!(reply.headers.contains_key("set-cookie") && !is_replay(&reply), "a cookie was kept");
    }
    assert_eq!(app.kept_answers().await, ["cookie"], "the claim of the request that was answered with a cookie");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_the_limit_is_refused_with_a_key_as_without() {
    let app = App::start().await;
    let reply = app.make(&app.user(), "k", json!({"name": "x".repeat(70_000)})).await;
    assert_eq!(code(&reply), (413, "body_too_large"));
}

impl App {
    /// Asks for a thing under this key.
    async fn make(&self, user: &TestUser, key: &str, body: Value) -> Reply {
        self.post("/api/things").header("idempotency-key", key).by(user).json(body).await
    }
}
