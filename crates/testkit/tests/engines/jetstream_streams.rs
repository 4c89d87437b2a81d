//! The number of replicas of the JetStream bus's streams.

use adapters::jetstream::JetStreamBus;
use async_nats::jetstream;
use ports::bus::{Bus, Stream};
use testkit::engines::NatsServer;

const TICKETS: Stream = Stream::new("tickets");

#[tokio::test(flavor = "multi_thread")]
async fn a_single_nats_server_cannot_keep_a_stream_thrice() {
    let server = NatsServer::launch_temporary().await;
    let bus = JetStreamBus::connect_replicated(&server.url(), None, 3).await.expect("connects");
    let error = bus.declare(&TICKETS).await.expect_err("there is one server");
    assert!(error.to_string().contains("replicas > 1 not supported"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_on_nats_are_left_as_the_operator_keeps_them() {
    let server = NatsServer::launch_temporary().await;
    let operator = jetstream::new(async_nats::connect(server.url()).await.expect("connects"));
    let kept = jetstream::stream::Config {
        name: "dead-letters".to_owned(),
        subjects: vec!["dead-letters.*".to_owned(), "dead-letters-replayed.*".to_owned()],
        max_messages: 1_000_000,
        ..jetstream::stream::Config::default()
    };
    operator.create_stream(kept).await.expect("creates");
    let bus = JetStreamBus::connect(&server.url(), None).await.expect("connects");
    bus.declare(&TICKETS).await.expect("declares");
    let mut stream = operator.get_stream("dead-letters").await.expect("is there");
    assert_eq!(stream.info().await.expect("is there").config.max_messages, 1_000_000);
}
