//! The behaviour of the JetStream bus during outages of its server.

use std::sync::Arc;
use std::time::{Duration, Instant};

use adapters::jetstream::JetStreamBus;
use ports::bus::{Bus, BusError, Consumer, Stream, Watched};
use testkit::contract::bus::created;
use testkit::engines::NatsServer;
use testkit::proxy::{FaultProxy, LinkState};

const PATIENCE: Duration = Duration::from_secs(60);

/// Publishes until it is acknowledged, as the outbox relay does.
async fn publish(bus: &JetStreamBus, id: &str) {
    while let Some(Err(error)) = bus.publish(&[created(id)]).await.pop() {
        assert!(matches!(error, BusError::Unavailable(_)), "{error}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_server_fails_the_connection_within_seconds() {
    let since = Instant::now();
    // Nothing listens on the discard port.
    let Err(error) = JetStreamBus::connect("nats://127.0.0.1:9", None).await else { panic!("it connected") };
    assert!(error.to_string().contains("cannot connect to NATS"), "{error}");
    assert!(since.elapsed() < Duration::from_secs(8), "took {:?}", since.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn consumers_and_watchers_go_on_after_the_server_was_killed() {
    let mut server = NatsServer::launch_temporary().await;
    let bus = JetStreamBus::connect(&server.url(), None).await.expect("connects");
    bus.declare(&Stream::new("tickets")).await.expect("declares");
    let consumer = Consumer::new("orders", "tickets", vec!["tickets.created"]);
    let mut deliveries = bus.consume(&consumer).await.expect("joins");
    let mut watch = bus.watch("tickets", &["tickets.created"], false).await.expect("watches");
    assert_eq!(watch.next().await.expect("watches"), Watched::CaughtUp);
    publish(&bus, "before").await;
    let delivery = deliveries.next().await.expect("delivers");
    assert_eq!(delivery.envelope.id, "before");
    delivery.acknowledger.ack().await.expect("answers");
    let seen = watch.next().await.expect("watches");
    assert_eq!(seen, Watched::Event(Arc::new(created("before"))));

    server.kill();
    server.restart().await;
    let since = Instant::now();
    tokio::time::timeout(PATIENCE, async {
        publish(&bus, "after").await;
        loop {
            // After an error the caller pauses and calls again.
            match deliveries.next().await {
                Ok(delivery) if delivery.envelope.id == "after" => break,
                // The acknowledgement may have been lost with the server.
                Ok(delivery) => delivery.acknowledger.ack().await.expect("answers"),
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
        loop {
            match watch.next().await {
                Ok(watched) => break assert_eq!(watched, Watched::Event(Arc::new(created("after")))),
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    })
    .await
    .expect("it did not go on");
    // As soon as the server is back, not only after a missed heartbeat.
    assert!(since.elapsed() < Duration::from_secs(5), "took {:?}", since.elapsed());
}

/// A firewall that has dropped a connection's state notifies nobody: packets are lost without an error.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_died_silently_is_made_again_within_seconds() {
    let server = NatsServer::launch_temporary().await;
    let address = server.url().trim_start_matches("nats://").parse().expect("an address");
    let proxy = FaultProxy::to(address).await.expect("a proxy");
    let bus = JetStreamBus::connect(&format!("nats://{}", proxy.address()), None).await.expect("connects");
    bus.declare(&Stream::new("tickets")).await.expect("declares");
    proxy.set(LinkState::HalfOpen);
    let sent = tokio::time::timeout(Duration::from_secs(1), bus.publish(&[created("lost")])).await;
    assert!(sent.is_err(), "the connection is not dead: {sent:?}");
    proxy.set(LinkState::Open);
    // The library's default pings, one a minute, would take three minutes to notice.
    tokio::time::timeout(PATIENCE, publish(&bus, "after")).await.expect("the dead connection was not detected");
}
