use std::time::{Duration, Instant};

use ports::bus::Consumer;

use super::fixture::{Fixture, consumer, impatient};
use super::messages::{assert_each_once, created, many, next, nothing_more, publish, quiet};

/// A consumer with a short `ack_wait` and no limit of deliveries.
fn never_giving_up(service: &str) -> Consumer {
    Consumer { max_deliveries: 1000, ..impatient(service) }
}

/// A delivery that is dropped without an acknowledgement is made again after `ack_wait`, and counted.
pub async fn an_unacknowledged_message_is_delivered_again(fixture: &mut Fixture) {
    let consumer = never_giving_up("orders");
    publish(fixture.bus.as_ref(), &[created("a")]).await;
    let mut deliveries = fixture.bus.consume(&consumer).await.expect("joins");
    let first = next(&mut deliveries).await;
    let since = Instant::now();
    drop(first);
    let second = next(&mut deliveries).await;
    assert!(since.elapsed() > consumer.ack_wait * 8 / 10, "came after {:?}", since.elapsed());
    assert_eq!((second.envelope.id.as_str(), second.attempt), ("a", 2));
    second.acknowledger.ack().await.expect("acknowledges");
    nothing_more(&mut deliveries).await;
}

/// A message to be retried is redelivered after its delay, not before; others overtake it.
pub async fn a_retried_message_waits_its_delay(fixture: &mut Fixture) {
    let delay = Duration::from_millis(600);
    publish(fixture.bus.as_ref(), &[created("a"), created("b")]).await;
    let mut deliveries = fixture.bus.consume(&consumer("orders")).await.expect("joins");
    let first = next(&mut deliveries).await;
    let since = Instant::now();
    first.acknowledger.retry(delay, "later").await.expect("answers");
    let other = next(&mut deliveries).await;
    assert_eq!(other.envelope.id, "b");
    other.acknowledger.ack().await.expect("acknowledges");
    let second = next(&mut deliveries).await;
    assert_eq!((second.envelope.id.as_str(), second.attempt), ("a", 2));
    assert!(since.elapsed() > delay * 9 / 10, "came after {:?}", since.elapsed());
    assert!(since.elapsed() < delay * 5, "came after {:?}", since.elapsed());
    second.acknowledger.ack().await.expect("acknowledges");
    nothing_more(&mut deliveries).await;
}

/// Deliveries that a live consumer holds for longer than `ack_wait` are not made again, neither to itself
/// nor to others, however many they are. A dropped one is.
pub async fn held_deliveries_are_not_made_again(fixture: &mut Fixture) {
    let consumer = Consumer { ack_wait: Duration::from_secs(1), ..consumer("orders") };
    let batch = many(300);
    publish(fixture.bus.as_ref(), &batch).await;
    let mut deliveries = fixture.bus.consume(&consumer).await.expect("joins");
    let mut held = Vec::new();
    for _ in &batch {
        held.push(next(&mut deliveries).await);
    }
    let mut others = fixture.bus.consume(&consumer).await.expect("joins");
    tokio::select! {
        _ = deliveries.next() => panic!("something was delivered again"),
        _ = others.next() => panic!("something was delivered to another joiner"),
        () = tokio::time::sleep(consumer.ack_wait * 5 / 2) => {}
    }
    drop(others);
    drop(held.remove(7));
    let again = next(&mut deliveries).await;
    assert_eq!((again.envelope.id.as_str(), again.attempt), ("m00007", 2));
    held.push(again);
    let mut ids = Vec::new();
    for delivery in held {
        ids.push(delivery.envelope.id.clone());
        delivery.acknowledger.ack().await.expect("acknowledges");
    }
    assert_each_once(&ids, &batch);
    quiet(fixture.bus.as_ref(), &consumer).await;
}

/// Unacknowledged messages are delivered again after a restart, and counted.
pub async fn unacknowledged_messages_come_again_after_a_restart(fixture: &mut Fixture) {
    let consumer = never_giving_up("orders");
    publish(fixture.bus.as_ref(), &[created("a"), created("b"), created("c")]).await;
    let mut deliveries = fixture.bus.consume(&consumer).await.expect("joins");
    let a = next(&mut deliveries).await;
    let b = next(&mut deliveries).await;
    let c = next(&mut deliveries).await;
    b.acknowledger.ack().await.expect("acknowledges");
    drop((a, c, deliveries));
    fixture.restart().await;
    let mut deliveries = fixture.bus.consume(&consumer).await.expect("joins");
    for _ in 0..2 {
        let again = next(&mut deliveries).await;
        assert_eq!(again.attempt, 2, "{} came with the wrong count", again.envelope.id);
        assert_ne!(again.envelope.id, "b");
        again.acknowledger.ack().await.expect("acknowledges");
    }
    quiet(fixture.bus.as_ref(), &consumer).await;
}

/// A message that crashes the process on each delivery becomes a dead letter in the end.
pub async fn a_message_that_crashes_the_process_is_given_up(fixture: &mut Fixture) {
    let consumer = Consumer { max_deliveries: 3, ..impatient("orders") };
    publish(fixture.bus.as_ref(), &[created("a")]).await;
    let mut crashes = 0;
    loop {
        let mut deliveries = fixture.bus.consume(&consumer).await.expect("joins");
        let poison = tokio::time::timeout(consumer.ack_wait * 4, deliveries.next()).await;
        if poison.is_err() {
            break;
        }
        drop((poison, deliveries));
        fixture.crash().await;
        crashes += 1;
        assert!(crashes < 20, "it is still delivered");
    }
    let most = consumer.delivery_limit();
    // The very first delivery of a new message may not be counted.
    assert!((most..=most + 1).contains(&crashes), "given up after {crashes} crashes");
    super::dead_letters::letters(fixture.bus.as_ref(), 1).await;
    quiet(fixture.bus.as_ref(), &consumer).await;
}
