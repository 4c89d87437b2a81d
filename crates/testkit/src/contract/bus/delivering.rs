use std::time::Duration;

use ports::bus::Consumer;

use super::fixture::{Fixture, consumer};
use super::messages::{created, ids_of, many, message, next, nothing_more, process, publish};

/// Events published while a consumer is disconnected wait for it, and acknowledged ones are not redelivered. (One may
/// have been on its way to the one that left, and comes again later than the others.)
pub async fn a_consumer_that_was_away_goes_on_where_it_was(fixture: &mut Fixture) {
    let consumer = consumer("orders");
    publish(fixture.bus.as_ref(), &many(10)[..4]).await;
    let mut deliveries = fixture.bus.consume(&consumer).await.expect("joins");
    process(&mut deliveries, 4).await;
    super::messages::quiet(fixture.bus.as_ref(), &consumer).await;
    drop(deliveries);
    publish(fixture.bus.as_ref(), &many(10)[4..]).await;
    fixture.restart().await;
    let mut deliveries = fixture.bus.consume(&consumer).await.expect("joins");
    let mut waited = process(&mut deliveries, 6).await;
    waited.sort();
    assert_eq!(waited, ids_of(&many(10)[4..]));
    nothing_more(&mut deliveries).await;
}

/// A consumer gets only the types it subscribed to.
pub async fn only_wanted_types_are_delivered(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    publish(bus, &[created("a"), message("tickets.updated", "b"), message("tickets.other", "c")]).await;
    publish(bus, &[message("tickets.other", "d"), created("e")]).await;
    let wants_one = Consumer::new("one", "tickets", vec!["tickets.updated"]);
    let mut one = bus.consume(&wants_one).await.expect("joins");
    assert_eq!(process(&mut one, 1).await, ["b"]);
    let mut two = bus.consume(&consumer("two")).await.expect("joins");
    assert_eq!(process(&mut two, 3).await, ["a", "b", "e"]);
    nothing_more(&mut one).await;
    nothing_more(&mut two).await;
}

/// A consumer that is joined with additional types gets them from then on.
pub async fn a_consumer_can_want_more_types_later(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    let mut consumer = Consumer::new("orders", "tickets", vec!["tickets.created"]);
    publish(bus, &[created("a")]).await;
    let mut deliveries = bus.consume(&consumer).await.expect("joins");
    process(&mut deliveries, 1).await;
    drop(deliveries);
    consumer.types.push("tickets.updated");
    consumer.max_deliveries = 3;
    consumer.ack_wait = Duration::from_secs(7);
    let mut deliveries = bus.consume(&consumer).await.expect("joins");
    publish(bus, &[message("tickets.updated", "b")]).await;
    assert_eq!(process(&mut deliveries, 1).await, ["b"]);
}

/// A cancelled call for the next message loses none.
pub async fn giving_up_on_the_next_message_loses_none(fixture: &mut Fixture) {
    let batch = many(60);
    let mut deliveries = fixture.bus.consume(&consumer("orders")).await.expect("joins");
    let bus = fixture.bus.clone();
    let slowly = batch.clone();
    let publisher = tokio::spawn(async move {
        for envelope in slowly {
            publish(bus.as_ref(), &[envelope]).await;
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    });
    let mut ids = Vec::new();
    let mut given_up = 0;
    while ids.len() < batch.len() {
        match tokio::time::timeout(Duration::from_micros(300), deliveries.next()).await {
            Ok(delivery) => {
                let delivery = delivery.expect("delivers");
                ids.push(delivery.envelope.id.clone());
                delivery.acknowledger.ack().await.expect("acknowledges");
            }
            Err(_) => given_up += 1,
        }
    }
    publisher.await.expect("published");
    assert_eq!(ids, ids_of(&batch));
    assert!(given_up > 0, "the rule was not put to the test");
}

/// At most `max_unacknowledged` messages are outstanding; each acknowledgement makes room for another.
pub async fn unacknowledged_messages_are_bounded(fixture: &mut Fixture) {
    let consumer = Consumer { max_unacknowledged: 3, ..consumer("orders") };
    publish(fixture.bus.as_ref(), &many(5)).await;
    let mut deliveries = fixture.bus.consume(&consumer).await.expect("joins");
    let mut out = Vec::new();
    for _ in 0..3 {
        out.push(next(&mut deliveries).await);
    }
    nothing_more(&mut deliveries).await;
    out.remove(0).acknowledger.ack().await.expect("acknowledges");
    assert_eq!(next(&mut deliveries).await.envelope.id, "m00003");
}
