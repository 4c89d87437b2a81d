use std::time::{Duration, Instant};

use testkit::process::Server;

use crate::purchase::{buy_a_ticket, in_memory};

/// Longer than the interval at which the backlog is measured.
const PATIENCE: Duration = Duration::from_secs(60);

/// A series, and the labels by which it is queried.
const SERIES: [(&str, &[&str]); 21] = [
    ("service_ready", &[]),
    ("http_request_seconds_bucket", &[r#"route="/api/orders""#, r#"method="POST""#, r#"status="201""#, r#"le="1""#]),
    ("http_request_seconds_count", &[r#"route="/orders/{id}/pay""#, r#"status="303""#]),
    ("events_handled_total", &[r#"consumer="tickets-orders""#, r#"type="orders.created""#, r#"outcome="done""#]),
    ("store_operations_total", &[r#"service="orders""#, r#"kind="insert""#]),
    ("store_operations_total", &[r#"service="tickets""#, r#"kind="change""#]),
    ("store_operations_total", &[r#"service="payments""#, r#"kind="read""#]),
    ("store_operations_total", &[r#"service="tickets""#, r#"kind="query""#]),
    ("events_published_total", &[r#"stream="payments""#]),
    ("stripe_calls_total", &[r#"call="stripe capture"} 1"#]),
    ("event_seconds_bucket", &[r#"consumer="orders-payments""#, r#"le="5""#]),
    ("consumer_pending_messages", &[r#"consumer="expiration-orders""#]),
    ("consumer_unanswered_messages", &[r#"consumer="payments-orders""#]),
    ("outbox_events", &[r#"service="tickets""#]),
    ("outbox_oldest_age_seconds", &[r#"service="orders""#]),
    ("payments_total", &[r#"outcome="paid"} 1"#]),
    ("payments_total", &[r#"outcome="declined"} 1"#]),
    ("expiration_late_seconds_bucket", &[r#"le="5""#]),
    ("mails_total", &[r#"kind="bought""#, r#"outcome="sent"} 1"#]),
    ("mails_total", &[r#"kind="sold""#, r#"outcome="sent"} 1"#]),
    ("mail_late_seconds_bucket", &[r#"le="5""#]),
];

fn has(metrics: &str, name: &str, labels: &[&str]) -> bool {
    let is_it = |line: &&str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' ']));
    metrics.lines().filter(is_it).any(|line| labels.iter().all(|label| line.contains(label)))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_metric_of_alerts_and_dashboard_is_exported() {
    let server = Server::launch(in_memory().args(["--reservation", "10s"])).await;
    buy_a_ticket(&server).await;
    crate::purchase::decline_and_let_expire(&server).await;
    let began = Instant::now();
    loop {
        let answer = reqwest::get(format!("{}/metrics", server.operator_url())).await.expect("an answer");
        let metrics = answer.text().await.expect("the metrics");
        let Some((name, labels)) = SERIES.into_iter().find(|(name, labels)| !has(&metrics, name, labels)) else {
            assert!(metrics.contains("# HELP events_handled_total Deliveries"), "{metrics}");
            return;
        };
        assert!(began.elapsed() < PATIENCE, "{name} with {labels:?} is missing in\n{metrics}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
