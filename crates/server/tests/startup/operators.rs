//! What operators see, and visitors do not.

use std::net::TcpListener;

use testkit::process::Server;

use crate::programs::{auth, in_directory};

#[tokio::test(flavor = "multi_thread")]
async fn metrics_and_dead_letters_are_not_on_the_port_of_visitors() {
    let data = tempfile::tempdir().expect("a directory");
    let server = Server::launch(in_directory(data.path())).await;
    assert_eq!((server.probe("/healthz").await, server.probe("/readyz").await), (Some(200), Some(200)));
    for path in ["/metrics", "/admin/dead-letters", "/admin/change-event", "/internal/tickets/change-event", "/mails"] {
        assert_eq!(server.probe(path).await, Some(404), "{path}");
    }
    assert_eq!(server.probe_as_operator("/mails").await, Some(200));
    assert_eq!(server.probe_as_operator("/metrics").await, Some(200));
    // They are there, but only for those who know the secret.
    assert_eq!(server.probe_as_operator("/admin/dead-letters").await, Some(404));
    assert_eq!(server.probe_as_operator("/api/tickets").await, Some(404));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_operators_learn_what_a_service_waits_for_on_mongodb() {
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = nobody.local_addr().expect("an address");
    let mut server = Server::new(auth().await.env("NATS_URL", format!("nats://{address}")));
    server.start();
    crate::engines_away::until_it_waits(&mut server).await;
    let body = |url: String| async move { reqwest::get(url).await.expect("an answer").text().await.expect("text") };
    let (bare, explained) =
        (body(format!("{}/readyz", server.url())).await, body(format!("{}/readyz", server.operator_url())).await);
    assert!(bare.contains(r#""code":"unavailable""#), "{bare}");
    assert!(explained.contains(r#""code":"not_ready""#) && explained.contains("starting"), "{explained}");
}
