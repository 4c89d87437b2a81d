use std::time::Duration;

use reqwest::Method;
use runtime::session::TOKEN_LIFE;
use serde_json::{Value, json};
use testkit::forgery::forgeries;

use super::refusal::assert_refused;
use super::site::Site;

async fn assert_nobody(site: &Site, cookie: &str, what: &str) {
    let send = async |method: Method, path: &str| {
        let request = site.request(method, path).header("cookie", cookie);
        request.json(&json!({"title": "Concert", "price": 20})).send().await.expect("an answer")
    };
    assert_refused(send(Method::GET, "/api/orders").await, 401, what).await;
    assert_refused(send(Method::POST, "/api/tickets").await, 401, what).await;
    assert_refused(send(Method::GET, "/api/tickets?seller=me").await, 401, what).await;
    let current: Value = send(Method::GET, "/api/users/currentuser").await.json().await.expect("JSON");
    assert_eq!(current, json!({"currentUser": null}), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_auth_did_not_sign_is_refused() {
    let site = Site::open().await;
    let (good, other) = (site.seller.token().expect("is signed in"), site.buyer.token().expect("is signed in"));
    let keys =
        site.request(Method::GET, "/api/users/keys").send().await.expect("an answer").json().await.expect("JSON");
    for (what, token) in forgeries(&good, &other, &keys) {
        assert_nobody(&site, &format!("session={token}"), &format!("{what}: {}", &token[..token.len().min(80)])).await;
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_token_counts_only_in_its_own_cookie() {
    let site = Site::open().await;
    let good = site.seller.token().expect("is signed in");
    for cookie in [
        format!("Session={good}"),
        format!("__Host-session={good}"),
        format!("session ={good}x"),
        format!("sessions={good}"),
        format!("xsession={good}"),
        good.clone(),
    ] {
        assert_nobody(&site, &cookie, &cookie).await;
    }
    let bearer = site.request(Method::GET, "/api/orders").bearer_auth(&good).send().await.expect("an answer");
    assert_refused(bearer, 401, "a bearer token").await;
    let in_query = site.request(Method::GET, &format!("/api/orders?session={good}")).send().await.expect("an answer");
    assert_refused(in_query, 401, "a token in the query").await;
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_good_until_it_expires_or_its_session_ends_and_no_longer() {
    let site = Site::open().await;
    let token = |who: &client::Client| format!("session={}", who.token().expect("is signed in"));
    let leaver = site.world.user("leaver").await;
    let left = token(&leaver);
    leaver.sign_out().await.expect("signs out");
    site.world.settle().await;
    assert_nobody(&site, &left, "a session that has been ended").await;

    let cookie = token(&site.seller);
    site.world.advance(TOKEN_LIFE - Duration::from_secs(1));
    site.world.settle().await;
    let answer = site.request(Method::GET, "/api/orders").header("cookie", &cookie).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    site.world.advance(Duration::from_secs(1));
    site.world.settle().await;
    assert_nobody(&site, &cookie, "expired").await;
    site.world.end().await;
}
