use std::path::Path;

use client::{Client, EventId};
use testkit::process::{Finished, Server};

use crate::programs::{in_directory, ticketing};

async fn organisers(arguments: &[&str], data: &Path) -> Finished {
    ticketing().arg("organisers").args(arguments).arg("--data").arg(data).run().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_says_who_lets_people_in() {
    let data = tempfile::tempdir().expect("a directory");
    let server = Server::launch(in_directory(data.path())).await;
    let ada = Client::new(&server.url()).expect("a client");
    let person = ada.sign_up("ada@example.com", "correct horse battery").await.expect("signs up").id.to_string();
    let event = "5f1f77bcf86cd799439011e1";
    let id: EventId = event.parse().expect("an id");
    assert!(ada.door(id).await.is_err(), "she is nobody's organiser");

    let nobody = organisers(&["list", event], data.path()).await;
    assert_eq!((nobody.code, nobody.stdout.as_str()), (Some(0), "nobody organises it\n"));
    let added = organisers(&["add", event, &person], data.path()).await;
    assert_eq!((added.code, added.stdout), (Some(0), format!("{person}\n")));
    assert!(ada.door(id).await.expect("she may").places.is_empty());
    let removed = organisers(&["remove", event, &person], data.path()).await;
    assert_eq!((removed.code, removed.stdout.as_str()), (Some(0), "nobody organises it\n"));
    assert!(ada.door(id).await.is_err());

    let no_id = organisers(&["add", "the-gala", &person], data.path()).await;
    assert_eq!(no_id.code, Some(2), "{no_id:?}");
    let elsewhere = tempfile::tempdir().expect("a directory");
    let nobody = organisers(&["list", event], elsewhere.path()).await;
    let words = format!(
        "error: no process has its data in {}; use --data or --delivery-url to say which is meant\n",
        elsewhere.path().display()
    );
    assert!(nobody.stderr.starts_with(words.trim_end()), "{nobody:?}");
}
