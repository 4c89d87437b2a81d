use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use mongodb::bson::{Document, doc};

use super::{Mongod, NatsServer, mongodb_uri, nats_url};

/// Set for the child process running this test executable, which is to be killed.
const VICTIM: &str = "ENGINES_TEST_VICTIM";

fn alive(pid: u32) -> bool {
    Command::new("kill").args(["-0", &pid.to_string()]).stderr(Stdio::null()).status().is_ok_and(|it| it.success())
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let patience = Instant::now() + Duration::from_secs(30);
    while !condition() {
        assert!(Instant::now() < patience, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn write(uri: &str, id: i32) {
    let client = mongodb::Client::with_uri_str(uri).await.expect("a valid uri");
    let things = client.database("engines_test").collection::<Document>("things");
    things.insert_one(doc! { "_id": id }).await.expect("mongod takes writes");
}

async fn count(uri: &str) -> u64 {
    let client = mongodb::Client::with_uri_str(uri).await.expect("a valid uri");
    let things = client.database("engines_test").collection::<Document>("things");
    things.count_documents(doc! {}).await.expect("mongod answers")
}

#[tokio::test(flavor = "multi_thread")]
async fn mongod_keeps_port_and_data_when_it_is_killed_or_stopped_and_restarted() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut server = Mongod::launch(directory.path()).await;
    let (uri, pid) = (server.uri(), server.pid());
    write(&uri, 1).await;

    server.kill();
    assert!(!alive(pid));
    server.restart().await;
    write(&uri, 2).await;
    server.stop().await;
    server.restart().await;

    assert_eq!((server.uri(), count(&uri).await), (uri, 2));
    drop(server);
    assert!(directory.path().exists(), "a directory that was given is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn nats_server_keeps_port_and_data_when_it_is_killed_and_restarted() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut server = NatsServer::launch(directory.path()).await;
    let (url, pid) = (server.url(), server.pid());
    let jetstream = async_nats::jetstream::new(async_nats::connect(&url).await.expect("it answers"));
    jetstream.create_stream("things").await.expect("JetStream makes streams");

    server.kill();
    assert!(!alive(pid));
    server.restart().await;

    let jetstream = async_nats::jetstream::new(async_nats::connect(server.url()).await.expect("it answers"));
    assert_eq!(server.url(), url);
    jetstream.get_stream("things").await.expect("the stream is still there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_temporary_server_leaves_nothing_behind() {
    let server = NatsServer::launch_temporary().await;
    let (pid, home) = (server.pid(), server.0.home().to_owned());
    assert!(home.exists());
    drop(server);
    assert!(!alive(pid) && !home.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn shared_servers_are_the_same_for_everybody() {
    assert_eq!(mongodb_uri().await, mongodb_uri().await);
    assert_eq!(nats_url().await, nats_url().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_end_when_their_test_process_is_killed() {
    if let Some(report) = std::env::var_os(VICTIM) {
        let server = NatsServer::launch_temporary().await;
        let (pid, home) = (server.pid(), server.0.home().display());
        std::fs::write(&report, format!("{pid} {home} ")).expect("the report can be written");
        return std::future::pending().await;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    let report = directory.path().join("report");
    let mut victim = Command::new(std::env::current_exe().expect("this executable"))
        .args(["--exact", "engines::tests::servers_end_when_their_test_process_is_killed"])
        .env(VICTIM, &report)
        .stdout(Stdio::null())
        .spawn()
        .expect("this executable runs again");
    let reported = || std::fs::read_to_string(&report).unwrap_or_default();
    until("the victim's report", || reported().ends_with(' ')).await;
    let reported = reported();
    let (pid, home) = reported.trim_end().split_once(' ').expect("a pid and a path");
    let pid = pid.parse().expect("a pid");
    assert!(alive(pid));

    victim.kill().expect("the victim can be killed");
    victim.wait().expect("the victim ends");

    until("the server's end", || !alive(pid)).await;
    until("the data's end", || !Path::new(home).exists()).await;
}
