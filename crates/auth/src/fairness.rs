//! What one account and one address can take from everybody else, tried through the API.

use std::time::Duration;

use futures::future::join_all;
use harness::{Harness, Request};
use http::StatusCode;
use serde_json::json;

use crate::domain::Rate;
use crate::settings::{HashQueue, Limits, Settings};
use crate::testing::{self, PASSWORD, settings, sign_up, start, started};

const ATTACKER: &str = "6.6.6.6";
const VICTIM: &str = "1.1.1.1";

/// A request to sign in from this address.
fn sign_in_from(app: &Harness, peer: &str, email: &str, password: &str) -> impl Future<Output = u16> + use<> {
    let request: Request = app.post("/api/users/signin").header("x-forwarded-for", peer);
    let sent = request.json(json!({"email": email, "password": password}));
    async move { sent.await.status }
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_at_once_to_one_account_from_one_address_hold_a_small_share_of_the_queue() {
    let queue = HashQueue { length: 32, share: 4 };
    let (app, auth) = started(Settings { hash_queue: queue, trusted_proxies: 1, ..settings() }).await;
    sign_up(&app, "eve@example.com").await;
    sign_up(&app, "ada@example.com").await;
    let cores = auth.passwords.occupy_cores().await;
    let attack = (0..300).map(|_| sign_in_from(&app, ATTACKER, "eve@example.com", PASSWORD));
    let attack = tokio::spawn(join_all(attack.collect::<Vec<_>>()));
    testing::until(async || auth.limiter.waiting("eve@example.com", ATTACKER) == 74).await;
    testing::until(async || auth.passwords.reserved(queue.length) == queue.share).await;
    let victim = tokio::spawn(sign_in_from(&app, VICTIM, "ada@example.com", PASSWORD));
    testing::until(async || auth.passwords.reserved(queue.length) == queue.share + 1).await;
    assert!(!victim.is_finished() && !attack.is_finished());
    drop(cores);
    assert_eq!(victim.await.expect("no panic"), StatusCode::OK);
    let statuses = attack.await.expect("no panic");
    assert!(statuses.iter().all(|status| [200, 429].contains(status)), "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 60, "as many as may sign in: {statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_accounts_from_one_address_hold_no_more_of_the_queue_than_one() {
    let queue = HashQueue { length: 32, share: 4 };
    let (app, auth) = started(Settings { hash_queue: queue, trusted_proxies: 1, ..settings() }).await;
    let cores = auth.passwords.occupy_cores().await;
    let accounts = (0..36).map(|number| format!("nobody-{number}@example.com"));
    let attack = accounts.map(|email| sign_in_from(&app, "2001:db8::1", &email, PASSWORD));
    let attack = tokio::spawn(join_all(attack.collect::<Vec<_>>()));
    testing::until(async || auth.passwords.waiting("2001:db8::") == 36).await;
    assert_eq!(auth.passwords.reserved(queue.length), queue.share);
    drop(cores);
    let statuses = attack.await.expect("no panic");
    assert!(statuses.iter().all(|status| *status == 400), "they only wait: {statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn successful_sign_ins_have_rates_of_their_own() {
    let rate = |burst| Rate { burst, per: Duration::from_secs(60) };
    let limits = Limits { signed_in_account: rate(2), signed_in_address: rate(3), ..Limits::default() };
    let app = start(Settings { limits, trusted_proxies: 1, ..settings() }).await;
    for name in ["ada", "eve", "bob"] {
        sign_up(&app, &format!("{name}@example.com")).await;
    }
    let attempt = |peer, name: &str| sign_in_from(&app, peer, &format!("{name}@example.com"), PASSWORD);
    assert_eq!((attempt(ATTACKER, "eve").await, attempt(ATTACKER, "eve").await), (200, 200));
    assert_eq!(attempt(ATTACKER, "eve").await, 429, "the account has been signed in to too often");
    assert_eq!(attempt(VICTIM, "eve").await, 429, "from anywhere");
    assert_eq!(attempt(ATTACKER, "bob").await, 200);
    assert_eq!(attempt(ATTACKER, "ada").await, 429, "so has the address");
    assert_eq!(attempt(VICTIM, "ada").await, 200, "which nobody else suffers from");
    app.clock.advance(Duration::from_secs(30));
    assert_eq!(attempt(ATTACKER, "eve").await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_guesses_at_all_accounts_together_as_often_as_it_may() {
    let limits = Limits { sign_in_address: Rate { burst: 3, per: Duration::from_secs(60) }, ..Limits::default() };
    let app = start(Settings { limits, trusted_proxies: 1, ..settings() }).await;
    sign_up(&app, "ada@example.com").await;
    let guess = |number: u32| sign_in_from(&app, ATTACKER, &format!("nobody-{number}@example.com"), PASSWORD);
    for number in 0..3 {
        assert_eq!(guess(number).await, 400);
    }
    assert_eq!(guess(3).await, 429);
    assert_eq!(sign_in_from(&app, ATTACKER, "ada@example.com", PASSWORD).await, 429, "whichever account it is");
    assert_eq!(sign_in_from(&app, VICTIM, "ada@example.com", PASSWORD).await, 200);
    app.clock.advance(Duration::from_secs(20));
    assert_eq!((guess(4).await, guess(5).await), (400, 429), "one has leaked out");
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ups_for_one_email_address_are_limited_wherever_they_come_from() {
    let limits = Limits { sign_up_account: Rate { burst: 2, per: Duration::from_secs(60) }, ..Limits::default() };
    let app = start(Settings { limits, trusted_proxies: 1, ..settings() }).await;
    let sign_up_from = async |peer: &str, email: &str| {
        let request = app.post("/api/users/signup").header("x-forwarded-for", peer);
        request.json(json!({"email": email, "password": PASSWORD})).await
    };
    for (peer, status) in [("6.6.6.6", 201), ("6.6.6.7", 400), ("6.6.6.8", 429)] {
        assert_eq!(sign_up_from(peer, "ada@example.com").await.status, status, "{peer}");
    }
    let refused = sign_up_from("6.6.6.9", "Ada@example.com").await;
    assert_eq!((refused.status, refused.codes()), (429, vec!["too_many_requests"]));
    assert_eq!(refused.headers["retry-after"], "30");
    assert_eq!(sign_up_from("6.6.6.8", "eve@example.com").await.status, 201);
}
