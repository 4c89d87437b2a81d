use reqwest::Method;

use crate::raw;
use crate::refusal::assert_refused;
use crate::site::Site;

const METHODS: [&str; 8] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"];

fn routes(site: &Site) -> Vec<(String, Vec<&'static str>)> {
    let fixed = [
        ("/api/users/signup", vec!["POST"]),
        ("/api/users/signin", vec!["POST"]),
        ("/api/users/signout", vec!["POST"]),
        ("/api/users/signout-everywhere", vec!["POST"]),
        ("/api/users/password", vec!["POST"]),
        ("/api/users/currentuser", vec!["GET"]),
        ("/api/users/keys", vec!["GET"]),
        ("/api/tickets", vec!["GET", "POST"]),
        ("/api/tickets/live", vec!["GET"]),
        ("/api/orders", vec!["GET", "POST"]),
        ("/api/payments", vec!["POST"]),
        ("/api/payments/config", vec!["GET"]),
        ("/api/webhooks/stripe", vec!["POST"]),
        ("/api/docs/openapi.json", vec!["GET"]),
        ("/api/docs/asyncapi.json", vec!["GET"]),
    ];
    let mut routes: Vec<_> = fixed.map(|(path, methods)| (path.to_owned(), methods)).into();
    routes.push((format!("/api/tickets/{}", site.free.id), vec!["GET", "PUT"]));
    routes.push((format!("/api/orders/{}", site.order.id), vec!["GET", "DELETE"]));
    routes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_a_route_does_not_have_is_not_allowed_and_the_allowed_ones_are_told() {
    let site = Site::open().await;
    for (path, allowed) in routes(&site) {
        for method in METHODS.iter().filter(|method| !allowed.contains(method)) {
            let what = format!("{method} {path}");
            let answer = raw::send(site.world.address, &raw::request(method, &path, "")).await;
            answer.assert_refused(405, &what);
            let told =
                answer.head.lines().find_map(|line| line.strip_prefix("allow: ")).unwrap_or_default().to_uppercase();
            let mut told: Vec<_> = told.split(',').map(str::trim).filter(|method| *method != "HEAD").collect();
            told.sort_unstable();
            let mut allowed = allowed.clone();
            allowed.sort_unstable();
            assert_eq!(told, allowed, "{what}");
        }
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
        "/api/tickets/",
        "/api/tickets/a/b",
        "/API/TICKETS",
        "/api//tickets",
        "//api/tickets",
        "/api/orders/",
        "/api/payments/1",
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
