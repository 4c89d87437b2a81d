use std::time::Duration;

use ports::bus::Backlog;

use super::fixture::{Fixture, consumer};
use super::messages::{created, many, message, next, process, publish, quiet};

/// The backlog of a consumer without a joiner is everything it subscribes to.
pub async fn a_backlog_counts_what_is_wanted(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    assert!(bus.backlog(&consumer("orders")).await.expect("counts").is_empty());
    publish(bus, &many(4)).await;
    publish(bus, &[message("tickets.other", "x")]).await;
    fixture.restart().await;
    let backlog = fixture.bus.backlog(&consumer("orders")).await.expect("counts");
    assert_eq!(backlog, Backlog { pending: 4, unacknowledged: 0 });
}

/// A message stays in the backlog until it is acknowledged or rejected.
pub async fn a_backlog_is_empty_when_all_is_answered(fixture: &mut Fixture) {
    let (bus, consumer) = (fixture.bus.as_ref(), consumer("orders"));
    let mut deliveries = bus.consume(&consumer).await.expect("joins");
    publish(bus, &[created("a"), created("b")]).await;
    let first = next(&mut deliveries).await;
    process(&mut deliveries, 1).await;
    assert!(!bus.backlog(&consumer).await.expect("counts").is_empty());
    first.acknowledger.ack().await.expect("acknowledges");
    quiet(bus, &consumer).await;
    publish(bus, &[message("tickets.other", "x")]).await;
    quiet(bus, &consumer).await;
}

/// A message that waits for its next delivery counts as unacknowledged.
pub async fn a_backlog_counts_what_waits_to_be_retried(fixture: &mut Fixture) {
    let (bus, consumer) = (fixture.bus.as_ref(), consumer("orders"));
    let mut deliveries = bus.consume(&consumer).await.expect("joins");
    publish(bus, &[created("a")]).await;
    next(&mut deliveries).await.acknowledger.retry(Duration::from_millis(500), "later").await.expect("answers");
    let again = tokio::spawn(async move { next(&mut deliveries).await });
    while !again.is_finished() {
        assert!(!bus.backlog(&consumer).await.expect("counts").is_empty());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let again = again.await.expect("delivered");
    assert!(!bus.backlog(&consumer).await.expect("counts").is_empty());
    again.acknowledger.ack().await.expect("acknowledges");
    quiet(bus, &consumer).await;
}
