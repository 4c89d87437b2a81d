//! What all pages have in common.

pub(crate) mod every_route;
mod found;
mod markup;
mod operator;
mod sent_again;
mod written_by_people;

use axum::body::Body;
use axum::extract::Request;
use http::{Method, header};
use serde_json::json;

use crate::testing::Site;

#[tokio::test]
async fn every_page_has_its_security_headers_and_is_not_cached() {
    let reply = Site::answering([]).await.get("/signin").await;
    assert_eq!(reply.status, 200);
    let policy = reply.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(reply.header("referrer-policy"), "same-origin");
    assert_eq!((reply.header("cache-control"), reply.header("vary")), ("private, no-cache", "cookie, accept-language"));
}

#[tokio::test]
async fn forms_of_other_sites_are_refused_and_do_nothing() {
    let site = Site::signed_in([("POST /api/users/signout", 200, json!({}))]).await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "http://evil")]
    {
        let request = Request::post("/signout").header(name, value).header(header::HOST, "tickets.example");
        let reply = site.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(reply.status, 403, "{name}: {value}");
        reply.assert_has("This form came from another site");
    }
    assert_eq!(site.calls(), Vec::<String>::new());
    assert_eq!(site.post("/signout", &[]).await.location(), "/");
    assert_eq!(site.calls(), ["POST /api/users/signout {}"]);
}

#[tokio::test]
async fn a_missing_page_says_so() {
    let site = Site::signed_in([]).await;
    let reply = site.get("/nowhere?x=%3Cscript%3E").await;
    assert_eq!(reply.status, 404);
    reply.assert_has("Page not found");
    reply.assert_has("My orders");
    let wrong = Request::builder().method(Method::DELETE).uri("/signin").body(Body::empty()).expect("a request");
    assert_eq!(site.send(wrong).await.status, 404);
}

#[tokio::test]
async fn pages_say_so_while_a_service_is_unreachable() {
    let away = ("GET /api/users/currentuser", 503, json!({"errors": [{"message": "Temporarily unavailable"}]}));
    let site = Site::signed_in([away]).await;
    let reply = site.get("/account").await;
    assert_eq!(reply.status, 503);
    reply.assert_has("We will be back in a moment");
}

#[tokio::test]
async fn files_are_kept_for_ever_under_the_name_of_their_version() {
    let site = Site::answering([]).await;
    let page = site.get("/signin").await.body;
    let address = page.split('"').find(|part| part.ends_with("/style.css")).expect("a stylesheet").to_owned();
    let reply = site.get(&address).await;
    assert_eq!(reply.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(reply.header("cache-control"), "public, max-age=31536000, immutable");
    let older = site.get("/assets/000000000000/style.css").await;
    assert_eq!((older.status, older.header("cache-control")), (200, "no-store"));
    assert_eq!(site.get("/assets/000000000000/nothing.css").await.status, 404);
}

#[tokio::test]
async fn pages_are_compressed() {
    let site = Site::answering([]).await;
    let request = Request::get("/signin").header(header::ACCEPT_ENCODING, "gzip, br").body(Body::empty());
    let response = tower::ServiceExt::oneshot(site.pages(), request.expect("a request")).await.expect("answers");
    assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
}
