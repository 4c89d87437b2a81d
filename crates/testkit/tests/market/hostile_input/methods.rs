use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;

use super::documented::Operation;
use super::raw;
use super::refusal::assert_refused;
use super::site::Site;

const METHODS: [&str; 8] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"];

/// Every path with its methods.
async fn routes(site: &Site) -> BTreeMap<String, BTreeSet<String>> {
    let mut routes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in Operation::all(site).await {
        routes.entry(operation.path).or_default().insert(operation.method.to_string());
    }
    for document in ["openapi.json", "asyncapi.json"] {
        routes.insert(format!("/api/docs/{document}"), BTreeSet::from(["GET".to_owned()]));
    }
    routes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_a_route_does_not_have_is_not_allowed_and_the_allowed_ones_are_named() {
    let site = Site::open().await;
    for (path, allowed) in routes(&site).await {
        for method in METHODS.iter().filter(|method| !allowed.contains(**method)) {
            let what = format!("{method} {path}");
            let answer = raw::send(site.world.address, &raw::request(method, &path, "")).await;
            answer.assert_refused(405, &what);
            let named = answer.head.lines().find_map(|line| line.strip_prefix("allow: ")).unwrap_or_default();
            let named = named.split(',').map(|method| method.trim().to_uppercase());
            assert_eq!(named.filter(|method| method != "HEAD").collect::<BTreeSet<_>>(), allowed, "{what}");
        }
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slash_at_the_end_of_a_path_changes_nothing() {
    let site = Site::open().await;
    for operation in Operation::all(&site).await {
        // Its answer does not end.
        if operation.path == "/api/tickets/live" {
            continue;
        }
        let path = &operation.path;
        let ask = async |path: &str| {
            let answer = site.request(operation.method.clone(), path).send().await.expect("an answer");
            (answer.status(), answer.text().await.expect("text"))
        };
        let (without, with) = (ask(path).await, ask(&format!("{path}/")).await);
        assert_eq!(with.0, without.0, "{} {path}/: {}", operation.method, with.1);
        assert_ne!(with.0, 404, "{} {path}/", operation.method);
        let is_told = without.0.is_client_error();
        assert!(!is_told || with.1 == without.1, "{} {path}/: {}", operation.method, with.1);
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_there_is_not_is_not_found() {
    let site = Site::open().await;
    let paths = [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/users",
        "/api/users/",
        "/api/users/admin",
        "/api/tickets//",
        "/api/tickets/a/b",
        "/API/TICKETS",
        "/api//tickets",
        "//api/tickets",
        "/api/orders//",
        "/api/payments/1/2",
        "/api/webhooks",
        "/.env",
        "/.git/config",
        "/admin",
        "/admin/dead-letters",
        "/admin/dead-letters/1/replay",
        "/%2e%2e/",
        "/api/%74ickets/x/y",
    ];
    for path in paths {
        for method in METHODS {
            let answer = raw::send(site.world.address, &raw::request(method, path, "")).await;
            answer.assert_refused(404, &format!("{method} {path}"));
        }
    }
    for path in ["/api/docs/nothing.js", "/api/docs/../../etc/passwd", "/api/docs/%00"] {
        let answer = raw::send(site.world.address, &raw::request("GET", path, "")).await;
        answer.assert_refused(404, path);
    }
    let override_header = site.request(Method::POST, &format!("/api/orders/{}", site.order.id));
    let answer = override_header.header("x-http-method-override", "DELETE").send().await.expect("an answer");
    assert_refused(answer, 405, "a method in a header").await;
    site.assert_unchanged().await;
}
