use common::events::Envelope;
use ports::bus::{BusError, Consumer, Stream};

use super::fixture::{Fixture, ORDERS, TICKETS, consumer};
use super::messages::{created, error_of, ids_of, many, message, next, nothing_more, process, publish};

/// Every attribute of an event arrives as it was sent.
pub async fn every_attribute_arrives(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    let traceparent = Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned());
    let sent = Envelope { traceparent, ..created("655f1d2a9b3c4d5e6f708192:0") };
    let plain = Envelope { subject: "søren/1 ü".into(), ..created("b") };
    publish(bus, &[sent.clone(), plain.clone()]).await;
    let mut deliveries = bus.consume(&consumer("orders")).await.expect("joins");
    let delivery = next(&mut deliveries).await;
    assert_eq!((delivery.envelope.as_ref(), delivery.attempt), (&sent, 1));
    assert_eq!(*next(&mut deliveries).await.envelope, plain);
}

/// Messages of a stream arrive in the order they were published in.
pub async fn order_is_kept(fixture: &mut Fixture) {
    let batch = many(200);
    let mut deliveries = fixture.bus.consume(&consumer("orders")).await.expect("joins");
    for part in batch.chunks(7) {
        publish(fixture.bus.as_ref(), part).await;
    }
    assert_eq!(process(&mut deliveries, 200).await, ids_of(&batch));
}

/// A message published again under the same id is acknowledged and not stored again.
pub async fn a_duplicate_is_kept_once(fixture: &mut Fixture) {
    publish(fixture.bus.as_ref(), &[created("a")]).await;
    publish(fixture.bus.as_ref(), &[created("a"), created("b")]).await;
    fixture.restart().await;
    publish(fixture.bus.as_ref(), &[created("a")]).await;
    let mut deliveries = fixture.bus.consume(&consumer("orders")).await.expect("joins");
    assert_eq!(process(&mut deliveries, 2).await, ["a", "b"]);
    nothing_more(&mut deliveries).await;
}

/// The same holds for a message that is in one batch twice.
pub async fn a_duplicate_within_a_batch_is_kept_once(fixture: &mut Fixture) {
    publish(fixture.bus.as_ref(), &[created("a"), created("a"), created("b"), created("a")]).await;
    let mut deliveries = fixture.bus.consume(&consumer("orders")).await.expect("joins");
    assert_eq!(process(&mut deliveries, 2).await, ["a", "b"]);
    nothing_more(&mut deliveries).await;
}

/// The same id in another stream is another message.
pub async fn ids_count_within_their_stream(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    bus.declare(&ORDERS).await.expect("declares");
    publish(bus, &[created("a"), message("orders.created", "a")]).await;
    let mut tickets = bus.consume(&consumer("x")).await.expect("joins");
    assert_eq!(next(&mut tickets).await.envelope.kind, "tickets.created");
    let orders = Consumer::new("x", "orders", vec!["orders.created"]);
    let mut orders = bus.consume(&orders).await.expect("joins");
    assert_eq!(next(&mut orders).await.envelope.kind, "orders.created");
}

/// A large batch arrives completely and in order.
pub async fn ten_thousand_messages_arrive(fixture: &mut Fixture) {
    let batch = many(10_000);
    publish(fixture.bus.as_ref(), &batch).await;
    let mut deliveries = fixture.bus.consume(&consumer("orders")).await.expect("joins");
    assert_eq!(process(&mut deliveries, 10_000).await, ids_of(&batch));
}

/// What was published survives a crash right after.
pub async fn published_events_survive_a_crash(fixture: &mut Fixture) {
    publish(fixture.bus.as_ref(), &many(300)).await;
    fixture.crash().await;
    let mut deliveries = fixture.bus.consume(&consumer("orders")).await.expect("joins");
    assert_eq!(process(&mut deliveries, 300).await, ids_of(&many(300)));
}

/// Publishing to an undeclared stream is an error of its own for each message, and works once the stream is
/// declared.
pub async fn an_undeclared_stream_is_refused_until_declared(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    let consumer = Consumer::new("tickets", "orders", vec!["orders.created"]);
    let order = message("orders.created", "o");
    let no_stream = |error| matches!(error, BusError::NoStream(stream) if stream == "orders");
    let mut results = bus.publish(&[order.clone(), created("a"), order.clone()]).await.into_iter();
    assert!(no_stream(error_of(results.next().expect("a result"))));
    results.next().expect("a result").expect("the other stream is there");
    assert!(no_stream(error_of(results.next().expect("a result"))));
    assert!(no_stream(error_of(bus.consume(&consumer).await)));
    assert!(no_stream(error_of(bus.watch("orders", &["orders.created"], true).await)));
    assert!(no_stream(error_of(bus.backlog(&consumer).await)));

    bus.declare(&ORDERS).await.expect("declares");
    publish(bus, &[order]).await;
    let mut deliveries = bus.consume(&consumer).await.expect("joins");
    assert_eq!(process(&mut deliveries, 1).await, ["o"]);
}

/// Declaring a stream again keeps its messages, also with another maximum age.
pub async fn declaring_again_keeps_the_messages(fixture: &mut Fixture) {
    publish(fixture.bus.as_ref(), &[created("a")]).await;
    let hours = std::time::Duration::from_secs(12 * 60 * 60);
    fixture.bus.declare(&Stream { max_age: Some(hours), ..TICKETS }).await.expect("declares");
    fixture.bus.declare(&TICKETS).await.expect("declares");
    let mut deliveries = fixture.bus.consume(&consumer("orders")).await.expect("joins");
    assert_eq!(process(&mut deliveries, 1).await, ["a"]);
}

/// Ping succeeds.
pub async fn it_answers(fixture: &mut Fixture) {
    fixture.bus.ping().await.expect("answers");
}
