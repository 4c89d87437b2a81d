//! The AsyncAPI document, as those who want to listen to our events read it.

use serde_json::Value;
use testkit::asyncapi::findings;
use testkit::world::{Engine, World};

async fn served() -> String {
    let world = World::start(Engine::Embedded).await;
    let address = format!("http://{}/api/docs/asyncapi.json", world.address);
    let document = reqwest::get(address).await.expect("an answer").text().await.expect("text");
    world.end().await;
    document
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_read_by_the_parser_of_those_who_made_the_format() {
    let document = served().await;
    assert_eq!(findings(&document).await, "");
    // The parser would find it: a reference to what is not there, and an operation without its channel.
    let broken = document.replacen("#/components/schemas/", "#/$defs/", 1);
    assert!(findings(&broken).await.contains("invalid-ref"));
    let broken = document.replacen("\"address\"", "\"adress\"", 1);
    assert_ne!(findings(&broken).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_names_the_headers_that_are_on_the_wire() {
    let document: Value = serde_json::from_str(&served().await).expect("JSON");
    for (kind, channel) in document["channels"].as_object().expect("channels") {
        let headers = channel["messages"][kind]["headers"]["properties"].as_object().expect("headers");
        let mut names: Vec<&str> = headers.keys().map(String::as_str).collect();
        names.sort_unstable();
        let expected = ["ce-id", "ce-source", "ce-specversion", "ce-subject", "ce-time", "ce-traceparent", "ce-type"];
        assert_eq!(names, expected, "{kind}");
        assert!(channel["messages"][kind]["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{kind}");
    }
}
