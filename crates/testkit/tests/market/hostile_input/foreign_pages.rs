//! Requests that the page of another site has a visitor's browser send, with the visitor's cookies.

use client::Client;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::documented::Operation;
use super::refusal::assert_refused;
use super::site::{JsonRoute, Site};

/// How a browser says that it is so. A sibling subdomain is of the same site, and another's all the same.
const FOREIGN: [(&str, &str); 4] = [
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-site", "same-site"),
    ("origin", "https://evil.example"),
    ("origin", "null"),
];

/// Known by what they sign, and sent by nobody's browser.
const WEBHOOK: &str = "/api/webhooks/stripe";

/// Whoever may do this, with a body that would do it.
fn honest(site: &Site, bodies: &[JsonRoute], Operation { method, path, .. }: &Operation) -> RequestBuilder {
    let buyer = ["/api/orders", "/api/payments"].iter().any(|buyers| path.starts_with(buyers));
    let who: &Client = if buyer { &site.buyer } else { &site.seller };
    let request = site.request_by(who, method.clone(), path);
    match bodies.iter().find(|route| (&route.method, &route.path) == (method, path)) {
        Some(route) => request.json(&route.body),
        None => request,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_changes_something_is_refused_and_the_session_stays() {
    let site = Site::open().await;
    let (bodies, operations) = (site.json_routes(), Operation::all(&site).await);
    let unsafe_ones: Vec<_> = operations.iter().filter(|operation| !operation.method.is_safe()).collect();
    assert!(unsafe_ones.len() > bodies.len(), "{}", unsafe_ones.len());
    for operation in unsafe_ones.into_iter().filter(|operation| operation.path != WEBHOOK) {
        for (name, value) in FOREIGN {
            let what = format!("{} {}, {name}: {value}", operation.method, operation.path);
            let answer = honest(&site, &bodies, operation).header(name, value).send().await.expect("an answer");
            assert!(!answer.headers().contains_key("set-cookie"), "{what}");
            let refused = assert_refused(answer, 403, &what).await;
            assert_eq!(refused["errors"][0]["code"], Value::from("cross_site"), "{what}");
        }
    }
    for (name, value) in FOREIGN {
        let webhook = site.request(Method::POST, WEBHOOK).header(name, value).header("stripe-signature", "t=1,v1=00");
        let refused = assert_refused(webhook.body("{}").send().await.expect("an answer"), 400, WEBHOOK).await;
        assert_eq!(refused["errors"][0]["code"], Value::from("invalid_signature"), "{name}: {value}");
        let decision = site.request(Method::POST, "/simulated-bank/pi_1_secret_2").header(name, value);
        assert_eq!(decision.send().await.expect("an answer").status(), 403, "at the bank, {name}: {value}");
    }
    site.assert_unchanged().await;
}
