use std::time::Duration;

use common::events::Envelope;
use ports::bus::{Bus, Stream};

use super::fixture::{Fixture, TICKETS, consumer, within};
use super::messages::{ids_of, message, next, process, publish, quiet, until_caught_up};

/// The stream keeps nothing that is superseded.
const COMPACTED: Stream = Stream { keep_superseded: Some(Duration::ZERO), ..TICKETS };

const AGGREGATES: usize = 4;

/// A ticket is created, or edited, at this version.
fn version(aggregate: usize, version: usize) -> Envelope {
    let kind = if version == 0 { "tickets.created" } else { "tickets.updated" };
    message(kind, &format!("ticket{aggregate}:{version}"))
}

/// So many versions of each of the aggregates, which take turns.
fn edits(versions: std::ops::Range<usize>) -> Vec<Envelope> {
    versions.flat_map(|number| (0..AGGREGATES).map(move |aggregate| version(aggregate, number))).collect()
}

/// The ids of all messages in the stream.
async fn kept(bus: &dyn Bus) -> Vec<String> {
    let mut watch = bus.watch("tickets", &["tickets.created", "tickets.updated"], true).await.expect("watches");
    until_caught_up(&mut watch).await
}

/// Waits until the stream has no more than these.
async fn until_kept(bus: &dyn Bus, expected: &[Envelope]) {
    let expected = ids_of(expected);
    within(async {
        while kept(bus).await != expected {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

/// What is left of so many versions.
fn left_of(versions: usize) -> Vec<Envelope> {
    edits(0..1).into_iter().chain(edits(versions - 1..versions)).collect()
}

/// However often a few aggregates are edited, the stream keeps the first and the last of each; a consumer that is made
/// anew gets these, marked as history, and what comes later unmarked.
pub async fn superseded_messages_are_removed(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    bus.declare(&COMPACTED).await.expect("declares");
    let consumer_before = consumer("before");
    let mut deliveries = bus.consume(&consumer_before).await.expect("joins");
    for part in edits(0..250).chunks(100) {
        publish(bus, part).await;
        process(&mut deliveries, part.len()).await;
    }
    quiet(bus, &consumer_before).await;
    until_kept(bus, &left_of(250)).await;
    // Declared once more, by another process, and read from what is on disk.
    drop(deliveries);
    fixture.restart().await;
    let bus = fixture.bus.as_ref();
    bus.declare(&COMPACTED).await.expect("declares");
    assert_eq!(kept(bus).await, ids_of(&left_of(250)));

    let mut anew = bus.consume(&consumer("anew")).await.expect("joins");
    publish(bus, &edits(250..251)).await;
    for (position, expected) in left_of(250).iter().chain(&edits(250..251)).enumerate() {
        let delivery = next(&mut anew).await;
        assert_eq!(delivery.envelope.id, expected.id);
        assert_eq!(delivery.is_history, position < 2 * AGGREGATES, "{}", expected.id);
        delivery.acknowledger.ack().await.expect("acknowledges");
    }
}

/// A consumer that is behind misses nothing, and has no history: it was there before all of it.
pub async fn a_consumer_that_is_behind_misses_nothing(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    let slow = consumer("slow");
    let mut deliveries = bus.consume(&slow).await.expect("joins");
    publish(bus, &edits(0..20)).await;
    let handled = process(&mut deliveries, 3 * AGGREGATES).await;
    assert_eq!(handled, ids_of(&edits(0..3)));
    let held = next(&mut deliveries).await;
    // One that is quick is not waited for.
    let mut quick = bus.consume(&consumer("quick")).await.expect("joins");
    process(&mut quick, 20 * AGGREGATES).await;
    bus.declare(&COMPACTED).await.expect("declares");
    let expected: Vec<_> = edits(0..1).into_iter().chain(edits(2..20)).collect();
    until_kept(bus, &expected).await;
    tokio::time::sleep(super::messages::NEVER).await;
    assert_eq!(kept(bus).await, ids_of(&expected));

    let expected: Vec<_> = edits(3..20);
    assert_eq!((held.envelope.id.clone(), held.is_history), (expected[0].id.clone(), false));
    held.acknowledger.ack().await.expect("acknowledges");
    for envelope in &expected[1..] {
        let delivery = next(&mut deliveries).await;
        assert_eq!((&delivery.envelope.id, delivery.is_history), (&envelope.id, false));
        delivery.acknowledger.ack().await.expect("acknowledges");
    }
    until_kept(bus, &left_of(20)).await;
}

/// What is younger than the stream keeps it stays, and so does what says too little to be superseded.
pub async fn only_what_is_old_and_superseded_is_removed(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    let keep = Duration::from_secs(2);
    bus.declare(&Stream { keep_superseded: Some(keep), ..TICKETS }).await.expect("declares");
    let late = [version(0, 0), version(0, 2), version(0, 1), message("tickets.updated", "ticket0:0/replay-1-1")];
    publish(bus, &late).await;
    tokio::time::sleep(keep + super::messages::NEVER).await;
    publish(bus, &[version(0, 3), version(0, 4), version(0, 5)]).await;
    until_kept(bus, &[version(0, 0), version(0, 2), late[3].clone(), version(0, 3), version(0, 4), version(0, 5)])
        .await;
    publish(bus, &[version(1, 0)]).await;
    within(async {
        while kept(bus).await.len() > 4 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let ids = kept(bus).await;
    assert_eq!(ids, ids_of(&[version(0, 0), late[3].clone(), version(0, 5), version(1, 0)]));
}
