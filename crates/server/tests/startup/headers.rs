//! The security headers of everything that visitors are answered.

use reqwest::header::HeaderMap;
use reqwest::{Client, Method};
use testkit::process::Server;

use crate::programs::in_memory;

/// Pages, files, data, the description, the bank, probes, and what is refused.
const EVERYTHING: [(&str, &str, u16); 12] = [
    ("GET", "/", 200),
    ("GET", "/nowhere", 404),
    ("GET", "/assets/000000000000/style.css", 200),
    ("GET", "/api/tickets", 200),
    ("GET", "/api/tickets/000000000000000000000000", 404),
    ("GET", "/api/orders", 401),
    ("GET", "/api/users/currentuser", 200),
    ("POST", "/api/orders", 401),
    ("GET", "/api/docs/", 200),
    ("GET", "/api/docs/openapi.json", 200),
    ("GET", "/simulated-bank/pi_1_secret_2", 404),
    ("GET", "/readyz", 200),
];

async fn headers(server: &Server, method: &str, path: &str, status: u16) -> HeaderMap {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let answer = Client::new().request(method, format!("{}{path}", server.url())).send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), status, "{path}");
    answer.headers().clone()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_protected_over_tls() {
    let server =
        Server::launch(in_memory().args(["--public-url", "https://tickets.example", "--simulate-payments"])).await;
    for (method, path, status) in EVERYTHING {
        let headers = headers(&server, method, path, status).await;
        let policy = text(&headers, "content-security-policy").unwrap_or_else(|| panic!("{path} has no policy"));
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert_eq!(text(&headers, "x-content-type-options"), Some("nosniff"), "{path}");
        let insisting = text(&headers, "strict-transport-security");
        assert_eq!(insisting, Some("max-age=63072000; includeSubDomains"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_keeps_what_is_personal_and_plain_http_stays_usable() {
    let server = Server::launch(in_memory()).await;
    for (method, path, status) in EVERYTHING {
        let headers = headers(&server, method, path, status).await;
        assert_eq!(text(&headers, "strict-transport-security"), None, "{path}");
        let caching = text(&headers, "cache-control").unwrap_or_else(|| panic!("{path} may be kept"));
        let is_page = matches!(path, "/" | "/nowhere");
        let expected = match path {
            _ if is_page => "private, no-cache",
            "/api/docs/" | "/api/docs/openapi.json" => "public, max-age=300",
            _ => "no-store",
        };
        assert_eq!(caching, expected, "{path}");
    }
}
