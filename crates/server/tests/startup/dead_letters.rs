use testkit::engines::nats_url;
use testkit::process::{Program, Server};

use crate::programs::{in_directory, ticketing};

fn list() -> Program {
    ticketing().args(["dead-letters", "list"])
}

async fn assert_lists_none(program: Program) {
    let finished = program.run().await;
    assert_eq!((finished.code, finished.stdout.as_str()), (Some(0), "There are no dead letters.\n"), "{finished:?}");
    assert_eq!(finished.stderr, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_are_listed_while_the_process_runs_and_when_it_has_ended() {
    let data = tempfile::tempdir().expect("a directory");
    let mut server = Server::launch(in_directory(data.path())).await;
    assert_lists_none(list().arg("--data").arg(data.path())).await;
    server.stop().await;
    assert_lists_none(list().arg("--data").arg(data.path())).await;
    server.restart().await;
    server.kill().await;
    assert_lists_none(list().arg("--data").arg(data.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_are_listed_on_jetstream() {
    let namespace = format!("t{:016x}", rand::random::<u64>());
    assert_lists_none(list().env("NATS_URL", nats_url().await).args(["--namespace", &namespace])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_without_data_has_no_dead_letters_to_list() {
    let data = tempfile::tempdir().expect("a directory");
    let finished = list().arg("--data").arg(data.path()).run().await;
    assert_eq!(finished.code, Some(1));
    assert!(finished.stderr.starts_with("error: there is no data in") && finished.stderr.lines().count() == 1);
    assert!(std::fs::read_dir(data.path()).expect("the directory").next().is_none(), "listing made files");
}
