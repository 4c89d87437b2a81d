use server::services::ServiceName;
use testkit::engines::{Mongod, NatsServer, mongodb_uri};
use testkit::process::Server;

use crate::programs::{apart, auth, service, ticketing};

/// It reports that it is live and not ready.
pub(crate) async fn until_it_waits(server: &mut Server) {
    while server.probe("/healthz").await != Some(200) {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(server.probe("/readyz").await, Some(503));
    assert_eq!(server.probe("/api/users/currentuser").await, Some(503));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_waits_for_a_database_that_is_briefly_away_on_mongodb() {
    let data = tempfile::tempdir().expect("a directory");
    let mut mongod = Mongod::launch(data.path()).await;
    mongod.stop().await;
    let mut server = Server::new(auth().await.env("MONGODB_URI", mongod.uri()));
    server.start();
    until_it_waits(&mut server).await;
    mongod.restart().await;
    server.until_ready().await;
    assert_eq!(server.probe("/api/users/currentuser").await, Some(200));
    assert_warns_of_bare_keys(&server.stop().await.stderr);
}

/// Nothing in these tests' settings wraps the keys in MongoDB.
fn assert_warns_of_bare_keys(log: &str) {
    assert!(log.contains("AUTH_KEY_SECRET is not set"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_waits_for_a_bus_that_is_briefly_away_on_jetstream() {
    let data = tempfile::tempdir().expect("a directory");
    let mut nats = NatsServer::launch(data.path()).await;
    nats.stop().await;
    let mut server = Server::new(auth().await.env("NATS_URL", nats.url()));
    server.start();
    until_it_waits(&mut server).await;
    nats.restart().await;
    server.until_ready().await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_in_one_process_waits_for_its_engines_too_on_mongodb_and_jetstream() {
    let data = tempfile::tempdir().expect("a directory");
    let mut nats = NatsServer::launch(data.path()).await;
    nats.stop().await;
    let program = ticketing().env("MONGODB_URI", mongodb_uri().await).env("NATS_URL", nats.url());
    let mut server = Server::new(apart(program.env("DATA_DIR", data.path().join("keys"))));
    server.start();
    until_it_waits(&mut server).await;
    nats.restart().await;
    server.until_ready().await;
    assert_warns_of_bare_keys(&server.stop().await.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_waits_for_the_session_keys_of_auth_on_mongodb_and_jetstream() {
    let mut auth_server = Server::new(auth().await);
    let keys = format!("{}/api/users/keys", auth_server.url());
    let mut server = Server::new(service(ServiceName::Expiration).await.env("AUTH_KEYS_URL", keys));
    server.start();
    until_it_waits(&mut server).await;
    auth_server.start();
    auth_server.until_ready().await;
    server.stop().await;
    auth_server.stop().await;
}
