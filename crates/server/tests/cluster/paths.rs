use reqwest::header::CONTENT_TYPE;
use server::services::ServiceName;

use crate::cluster;

#[tokio::test(flavor = "multi_thread")]
async fn every_path_leads_where_the_routes_say() {
    let cluster = cluster().await;
    for (path, status, kind, part) in [
        ("/", 200, "text/html", "<html"),
        ("/sell", 303, "", ""),
        ("/apis", 404, "text/html", "<html"),
        ("/api/users/currentuser", 200, "application/json", r#"{"currentUser":null}"#),
        ("/api/tickets", 200, "application/json", "["),
        ("/api/orders", 401, "application/json", "errors"),
        ("/api/payments/config", 200, "application/json", r#""testMode":true"#),
        ("/api/mails", 401, "application/json", "errors"),
        ("/simulated-bank/pi_1_secret_2", 404, "text/html", "We know of no such payment"),
        ("/api/docs/", 200, "text/html", "<html"),
        // One service serves the description of all.
        ("/api/docs/openapi.json", 200, "application/json", r#""/api/payments""#),
        ("/api/nothing", 404, "application/json", r#"{"errors":[{"code":"not_found","message":"Not Found"}]}"#),
        // For probes and Prometheus, not for the public.
        ("/healthz", 404, "text/html", "<html"),
        ("/readyz", 404, "text/html", "<html"),
        ("/metrics", 404, "text/html", "<html"),
    ] {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let answer = http.get(format!("{}{path}", cluster.url())).send().await.expect("an answer");
        let found = answer.headers().get(CONTENT_TYPE).map(|kind| kind.to_str().expect("text").to_owned());
        let (found, answered) = (found.unwrap_or_default(), answer.status().as_u16());
        let body = answer.text().await.expect("a body");
        assert!(answered == status && found.starts_with(kind), "{path}: {answered} {found:?}: {body}");
        assert!(body.contains(part), "{path}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_pod_shows_operators_things_where_it_answers_visitors() {
    let cluster = cluster().await;
    for service in ServiceName::ALL.map(ServiceName::as_str).into_iter().chain([web::NAME]) {
        for path in ["/metrics", "/admin/dead-letters"] {
            let answer = reqwest::get(format!("http://{}{path}", cluster.address(service))).await.expect("an answer");
            assert_eq!(answer.status(), 404, "{path} of {service}");
        }
    }
}
