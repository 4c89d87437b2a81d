use std::collections::HashSet;
use std::time::Duration;

use common::events::Envelope;
use common::time::Timestamp;
use ports::bus::{Bus, BusError, Consumer, Deliveries, Delivery, Watch, Watched};

use super::fixture::within;

/// How long something must not happen to count as never. Longer than any delay in the rules that use it.
pub(super) const NEVER: Duration = Duration::from_millis(900);

/// A message of `kind` with this id.
pub(super) fn message(kind: &str, id: &str) -> Envelope {
    Envelope {
        id: id.to_owned(),
        source: common::events::stream_of(kind).to_owned(),
        kind: kind.to_owned(),
        subject: "655f1d2a9b3c4d5e6f708192".to_owned(),
        time: Timestamp::from_millis(1_795_369_383_120),
        traceparent: None,
        replay_for: None,
        data: serde_json::json!({"id": id, "title": "Æthelstan — live", "price": 20.5}).into(),
    }
}

/// A created ticket, as an event with this id.
pub fn created(id: &str) -> Envelope {
    message("tickets.created", id)
}

/// `count` created tickets.
pub(super) fn many(count: usize) -> Vec<Envelope> {
    (0..count).map(|number| created(&format!("m{number:05}"))).collect()
}

/// Publishes all of them.
pub(super) async fn publish(bus: &dyn Bus, batch: &[Envelope]) {
    for result in bus.publish(batch).await {
        result.expect("publishes");
    }
}

/// The next delivery.
pub(super) async fn next(deliveries: &mut Box<dyn Deliveries>) -> Delivery {
    within(deliveries.next()).await.expect("delivers")
}

/// Acknowledges the next `count` deliveries and returns their ids in order.
pub(super) async fn process(deliveries: &mut Box<dyn Deliveries>, count: usize) -> Vec<String> {
    let mut ids = Vec::with_capacity(count);
    for _ in 0..count {
        let delivery = next(deliveries).await;
        ids.push(delivery.envelope.id.clone());
        delivery.acknowledger.ack().await.expect("acknowledges");
    }
    ids
}

/// Fails if anything is delivered within [`NEVER`].
pub(super) async fn nothing_more(deliveries: &mut Box<dyn Deliveries>) {
    if let Ok(delivery) = tokio::time::timeout(NEVER, deliveries.next()).await {
        let delivery = delivery.expect("delivers");
        panic!("{} was delivered, attempt {}", delivery.envelope.id, delivery.attempt);
    }
}

/// Waits until the consumer's backlog is empty.
pub(super) async fn quiet(bus: &dyn Bus, consumer: &Consumer) {
    within(async {
        while !bus.backlog(consumer).await.expect("counts").is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

/// The ids a watcher receives until it has caught up.
pub(super) async fn until_caught_up(watch: &mut Box<dyn Watch>) -> Vec<String> {
    let mut ids = Vec::new();
    while let Watched::Event(envelope) = within(watch.next()).await.expect("watches") {
        ids.push(envelope.id.clone());
    }
    ids
}

/// The id of the next message a watcher receives.
pub(super) async fn next_watched(watch: &mut Box<dyn Watch>) -> String {
    match within(watch.next()).await.expect("watches") {
        Watched::Event(envelope) => envelope.id.clone(),
        Watched::CaughtUp => panic!("caught up instead of a message"),
    }
}

/// The error of an operation that must fail.
pub(super) fn error_of<T>(result: Result<T, BusError>) -> BusError {
    match result {
        Ok(_) => panic!("this should have failed"),
        Err(error) => error,
    }
}

/// The ids of messages.
pub(super) fn ids_of(batch: &[Envelope]) -> Vec<String> {
    batch.iter().map(|envelope| envelope.id.clone()).collect()
}

/// Fails unless the ids are those of `batch`, each once, in any order.
pub(super) fn assert_each_once(ids: &[String], batch: &[Envelope]) {
    let distinct: HashSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "something was delivered twice");
    let expected = ids_of(batch);
    assert_eq!(distinct, expected.iter().collect(), "something is missing or too much");
}
