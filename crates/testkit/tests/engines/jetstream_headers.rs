//! What the JetStream bus makes of messages whose headers do not describe an event of their subject.

use std::time::Duration;

use adapters::jetstream::JetStreamBus;
use async_nats::HeaderMap;
use async_nats::jetstream;
use common::id::{IdGenerator, TicketId};
use common::time::Timestamp;
use ports::bus::{Bus, Consumer, Stream};
use testkit::contract::bus::created;
use testkit::engines::nats_url;

const PATIENCE: Duration = Duration::from_secs(20);

/// Publishes a message on `tickets.created` with the headers of an event, except for `changed`. A header
/// without a value is left out.
async fn publish(url: &str, namespace: &str, changed: &[(&str, Option<&str>)]) {
    let mut headers = HeaderMap::new();
    let of_an_event = [
        ("ce-specversion", "1.0"),
        ("ce-id", "strange"),
        ("ce-source", "tickets"),
        ("ce-type", "tickets.created"),
        ("ce-subject", "655f1d2a9b3c4d5e6f708192"),
        ("ce-time", "2026-11-22T17:43:03.120Z"),
    ];
    for (name, usual) in of_an_event {
        let changed = changed.iter().find(|(changed, _)| *changed == name);
        if let Some(value) = changed.map_or(Some(usual), |(_, value)| *value) {
            headers.insert(name, value);
        }
    }
    let context = jetstream::new(async_nats::connect(url).await.expect("connects"));
    let subject = format!("{namespace}.tickets.created");
    let sent = context.publish_with_headers(subject, headers, r#"{"id":"a"}"#.into()).await.expect("sends");
    sent.await.expect("is kept");
}

/// The reason for which such a message is a dead letter. The event after it is delivered.
async fn refusal_of(changed: &[(&str, Option<&str>)]) -> String {
    let url = nats_url().await;
    let namespace = format!("headers{}", IdGenerator::random().next::<TicketId>(Timestamp::from_millis(0)));
    let bus = JetStreamBus::connect(&url, Some(&namespace)).await.expect("connects");
    bus.declare(&Stream::new("tickets")).await.expect("declares");
    publish(&url, &namespace, changed).await;
    bus.publish(&[created("usual")]).await.pop().expect("an outcome").expect("publishes");
    let consumer = Consumer::new("orders", "tickets", vec!["tickets.created"]);
    let mut deliveries = bus.consume(&consumer).await.expect("joins");
    let delivery = tokio::time::timeout(PATIENCE, deliveries.next()).await.expect("in time").expect("delivers");
    assert_eq!(delivery.envelope.id, "usual", "an event that is none was delivered");
    delivery.acknowledger.ack().await.expect("acknowledges");
    let mut letters = bus.dead_letters(0, 10).await.expect("lists");
    let letter = letters.pop().expect("a dead letter");
    assert_eq!(
        (letters.len(), letter.envelope.id.as_str(), letter.envelope.kind.as_str()),
        (0, "strange", "tickets.created")
    );
    letter.reason
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_without_a_version_of_cloudevents_is_refused() {
    let reason = refusal_of(&[("ce-specversion", None)]).await;
    assert_eq!(reason, "unreadable: there is no header ce-specversion");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_another_version_of_cloudevents_is_refused() {
    let reason = refusal_of(&[("ce-specversion", Some("2.0"))]).await;
    assert_eq!(reason, r#"unreadable: ce-specversion is "2.0" instead of "1.0""#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_type_is_not_its_subject_is_refused() {
    let reason = refusal_of(&[("ce-type", Some("tickets.updated"))]).await;
    assert_eq!(reason, r#"unreadable: ce-type is "tickets.updated" instead of "tickets.created""#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_without_a_type_is_refused() {
    assert_eq!(refusal_of(&[("ce-type", None)]).await, "unreadable: there is no header ce-type");
}
