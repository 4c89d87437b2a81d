//! What a process says when it starts, so that whoever runs it knows.

use testkit::process::Server;

use crate::programs::in_memory;

#[tokio::test(flavor = "multi_thread")]
async fn mails_in_the_clear_to_another_machine_are_warned_of() {
    for (url, is_warned_of) in [("smtp://192.0.2.1?tls=none", true), ("smtp://127.0.0.1?tls=none", false)] {
        let site = ["--mail-from", "tickets@example.com", "--public-url", "http://localhost:3000"];
        let mut server = Server::launch(in_memory().args(["--smtp-url", url]).args(site)).await;
        let log = server.stop().await.stderr;
        assert_eq!(log.contains("mails go in the clear to another machine"), is_warned_of, "{url}: {log}");
    }
}
