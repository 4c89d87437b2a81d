use serde_json::Value;
use testkit::process::Server;

use crate::purchase::{SECRETS, TRACE, buy_a_ticket, ticketing};

#[tokio::test(flavor = "multi_thread")]
async fn log_lines_tell_their_trace_and_no_secrets() {
    // As much as there is of our own.
    let ours = "warn,common=trace,auth=trace,tickets=trace,orders=trace,expiration=trace,payments=trace,web=trace,server=trace";
    let mut server = Server::launch(ticketing().env("LOG", ours).env("LOG_FORMAT", "json")).await;
    buy_a_ticket(&server).await;
    let log = server.stop().await.stderr;
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    let answered = |route: &str| {
        let is_it = |line: &&Value| line["message"] == "answered" && line["span"]["route"] == route;
        let found = lines.iter().filter(is_it).find(|line| line["span"]["method"] == "POST");
        found.map(|line| line["span"]["trace_id"].clone())
    };
    for route in ["/orders/{id}/pay", "/api/payments"] {
        assert_eq!(answered(route), Some(TRACE.into()), "{route} is missing in {log}");
    }
    for secret in SECRETS {
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
}
