use std::path::Path;

use client::Client;
use testkit::process::{Finished, Server};
use testkit::shows::winter_ensemble;

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
    let event = ada.add_event(&winter_ensemble()).await.expect("adds");
    let (id, slug) = (event.id.to_string(), event.slug.as_str());
    assert!(ada.door(event.id).await.is_err(), "she is nobody's organiser");

    let said = format!("{person} organises {} (/e/{slug})\n", event.name);
    for (event_name, person_name) in [(id.as_str(), person.as_str()), (slug, "ada@example.com")] {
        let nobody = organisers(&["list", event_name], data.path()).await;
        assert_eq!((nobody.code, nobody.stdout.as_str()), (Some(0), "nobody organises it\n"));
        let added = organisers(&["add", event_name, person_name], data.path()).await;
        assert_eq!((added.code, added.stdout.as_str()), (Some(0), said.as_str()));
        assert!(ada.door(event.id).await.expect("she may").places.is_empty());
        let listed = organisers(&["list", event_name], data.path()).await;
        assert_eq!(listed.stdout, format!("{person}\n"));
        let removed = organisers(&["remove", event_name, person_name], data.path()).await;
        assert_eq!((removed.code, removed.stdout.as_str()), (Some(0), "nobody organises it\n"));
        assert!(ada.door(event.id).await.is_err());
    }

    let unknown = "5f1f77bcf86cd799439011e1";
    let no_event = |name| format!("error: there is no event that is called {name}, or has this id\n");
    let no_person = |name| format!("error: nobody has an account with the address {name}, or with this number\n");
    for (event_name, person_name, words) in [
        (unknown, person.as_str(), no_event(unknown)),
        ("the-gala", "ada@example.com", no_event("the-gala")),
        (slug, unknown, no_person(unknown)),
        (slug, "bob@example.com", no_person("bob@example.com")),
    ] {
        let refused = organisers(&["add", event_name, person_name], data.path()).await;
        assert_eq!((refused.code, refused.stdout.as_str(), refused.stderr), (Some(1), "", words));
    }
    let nobody = organisers(&["list", &id], data.path()).await;
    assert_eq!(nobody.stdout, "nobody organises it\n");

    let elsewhere = tempfile::tempdir().expect("a directory");
    let nobody = organisers(&["list", &id], elsewhere.path()).await;
    let words = format!(
        "error: no process has its data in {}; use --data or --delivery-url to say which is meant\n",
        elsewhere.path().display()
    );
    assert!(nobody.stderr.starts_with(words.trim_end()), "{nobody:?}");
}
