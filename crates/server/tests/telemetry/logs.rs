use serde_json::Value;
use server::services::ServiceName;
use testkit::process::Server;

use crate::purchase::{SECRETS, TRACE, buy_a_ticket, in_memory};

#[tokio::test(flavor = "multi_thread")]
async fn log_lines_name_their_trace_and_no_secrets() {
    // Everything that our own crates log.
    let services = ServiceName::ALL.map(ServiceName::as_str);
    let ours = ["common", "ports", "runtime", "adapters", "server", web::NAME].into_iter().chain(services);
    let filter = ours.fold("warn".to_owned(), |filter, name| filter + &format!(",{name}=trace"));
    let mut server = Server::launch(in_memory().env("LOG", filter).env("LOG_FORMAT", "json")).await;
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
