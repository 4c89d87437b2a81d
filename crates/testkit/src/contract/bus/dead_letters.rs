use std::time::Duration;

use ports::bus::{Bus, BusError, Consumer, DeadLetter};
use runtime::metrics_recorder;

use super::fixture::{Fixture, consumer, impatient, within};
use super::messages::{created, error_of, next, nothing_more, process, publish, quiet};

const SOON: Duration = Duration::from_millis(20);

/// Waits until there are `count` dead letters and returns them.
pub(super) async fn letters(bus: &dyn Bus, count: usize) -> Vec<DeadLetter> {
    within(async {
        loop {
            let letters = bus.dead_letters(0, 100).await.expect("lists");
            if letters.len() >= count {
                assert_eq!(letters.len(), count, "{letters:?}");
                return letters;
            }
            tokio::time::sleep(SOON).await;
        }
    })
    .await
}

/// A message that is retried on its last delivery becomes a dead letter, once.
pub async fn retrying_the_last_delivery_makes_a_dead_letter(fixture: &mut Fixture) {
    let (bus, consumer) = (fixture.bus.as_ref(), impatient("orders"));
    publish(bus, &[created("a")]).await;
    let mut deliveries = bus.consume(&consumer).await.expect("joins");
    next(&mut deliveries).await.acknowledger.retry(SOON, "first").await.expect("answers");
    assert_eq!(bus.dead_letters(0, 10).await.expect("lists"), []);
    next(&mut deliveries).await.acknowledger.retry(SOON, "second").await.expect("answers");
    let letter = letters(bus, 1).await.remove(0);
    assert_eq!((letter.consumer.as_str(), letter.deliveries), ("orders-tickets", 2));
    assert_eq!((letter.reason.as_str(), letter.replayed), ("second", false));
    assert_eq!(letter.envelope, created("a"));
    nothing_more(&mut deliveries).await;
    letters(bus, 1).await;
    quiet(bus, &consumer).await;
}

/// A rejected message becomes a dead letter at once, and is not delivered again.
pub async fn a_rejected_message_becomes_a_dead_letter(fixture: &mut Fixture) {
    let consumer = impatient("orders");
    publish(fixture.bus.as_ref(), &[created("a"), created("b")]).await;
    let mut deliveries = fixture.bus.consume(&consumer).await.expect("joins");
    next(&mut deliveries).await.acknowledger.reject("it makes no sense").await.expect("answers");
    let letter = letters(fixture.bus.as_ref(), 1).await.remove(0);
    assert_eq!((letter.reason.as_str(), letter.deliveries), ("it makes no sense", 1));
    assert_eq!(process(&mut deliveries, 1).await, ["b"]);
    nothing_more(&mut deliveries).await;
    quiet(fixture.bus.as_ref(), &consumer).await;
}

/// Dead letters are counted by consumer, so that an alert can say that there are some.
pub async fn dead_letters_are_counted(fixture: &mut Fixture) {
    let count = metrics_recorder();
    // All buses of this process share one metric.
    let consumer = Consumer { name: format!("counted-{:016x}", rand::random::<u64>()), ..impatient("orders") };
    publish(fixture.bus.as_ref(), &[created("a"), created("b"), created("c")]).await;
    let mut deliveries = fixture.bus.consume(&consumer).await.expect("joins");
    for _ in 0..2 {
        next(&mut deliveries).await.acknowledger.reject("it makes no sense").await.expect("answers");
    }
    next(&mut deliveries).await.acknowledger.ack().await.expect("answers");
    quiet(fixture.bus.as_ref(), &consumer).await;
    let line = format!("dead_letters_total{{consumer=\"{}\"}} 2", consumer.name);
    let metrics = count.render();
    assert!(metrics.lines().any(|found| found == line), "{line} is missing in\n{metrics}");
}

/// A crash right after a rejection neither redelivers the message nor loses the dead letter.
pub async fn a_dead_letter_survives_a_crash(fixture: &mut Fixture) {
    let consumer = impatient("orders");
    publish(fixture.bus.as_ref(), &[created("a")]).await;
    let mut deliveries = fixture.bus.consume(&consumer).await.expect("joins");
    next(&mut deliveries).await.acknowledger.reject("no").await.expect("answers");
    drop(deliveries);
    fixture.crash().await;
    let mut deliveries = fixture.bus.consume(&consumer).await.expect("joins");
    nothing_more(&mut deliveries).await;
    letters(fixture.bus.as_ref(), 1).await;
    quiet(fixture.bus.as_ref(), &consumer).await;
}

/// A message whose last delivery was lost is delivered once more, and its dead letter has the reason of the
/// failure then.
pub async fn a_lost_last_delivery_is_made_good(fixture: &mut Fixture) {
    let consumer = impatient("orders");
    publish(fixture.bus.as_ref(), &[created("a")]).await;
    let mut deliveries = fixture.bus.consume(&consumer).await.expect("joins");
    next(&mut deliveries).await.acknowledger.retry(SOON, "first").await.expect("answers");
    let last = next(&mut deliveries).await;
    assert_eq!(last.attempt, consumer.max_deliveries);
    drop((last, deliveries));
    let mut deliveries = fixture.bus.consume(&consumer).await.expect("joins");
    next(&mut deliveries).await.acknowledger.retry(SOON, "it makes no sense").await.expect("answers");
    let letter = letters(fixture.bus.as_ref(), 1).await.remove(0);
    assert_eq!(letter.reason, "it makes no sense");
    nothing_more(&mut deliveries).await;
    quiet(fixture.bus.as_ref(), &consumer).await;
}

/// A message that is never acknowledged becomes a dead letter after its last delivery, once.
pub async fn silence_makes_a_dead_letter(fixture: &mut Fixture) {
    let (bus, consumer) = (fixture.bus.as_ref(), impatient("orders"));
    publish(bus, &[created("a")]).await;
    let mut deliveries = bus.consume(&consumer).await.expect("joins");
    let most = consumer.delivery_limit();
    for attempt in 1..=most {
        assert_eq!(next(&mut deliveries).await.attempt, attempt);
    }
    let waiting = tokio::spawn(async move {
        let more = deliveries.next().await;
        panic!("it was delivered again: {:?}", more.map(|delivery| delivery.attempt));
    });
    let letter = letters(bus, 1).await.remove(0);
    assert_eq!((letter.envelope, letter.deliveries), (created("a"), most));
    assert!(!letter.reason.is_empty());
    quiet(bus, &consumer).await;
    letters(bus, 1).await;
    assert!(!waiting.is_finished());
    waiting.abort();
}

/// A dead letter is replayed only to the consumer that failed, stays in the list as replayed, and can fail
/// again.
pub async fn a_replayed_letter_goes_to_its_consumer_only(fixture: &mut Fixture) {
    let (failing, other) = (impatient("orders"), consumer("payments"));
    publish(fixture.bus.as_ref(), &[created("a")]).await;
    let mut failed = fixture.bus.consume(&failing).await.expect("joins");
    let mut succeeded = fixture.bus.consume(&other).await.expect("joins");
    assert_eq!(process(&mut succeeded, 1).await, ["a"]);
    let mut watch = fixture.bus.watch("tickets", &["tickets.created"], false).await.expect("watches");
    super::messages::until_caught_up(&mut watch).await;
    next(&mut failed).await.acknowledger.reject("a fault").await.expect("answers");
    let letter = letters(fixture.bus.as_ref(), 1).await.remove(0);

    fixture.bus.replay(letter.number).await.expect("replays");
    let again = next(&mut failed).await;
    assert_eq!((again.envelope.data.clone(), again.attempt), (created("a").data, 1));
    assert_eq!(again.envelope.replay_for.as_deref(), Some("orders-tickets"));
    assert_ne!(again.envelope.id, "a", "the stream would take it for a duplicate");
    again.acknowledger.ack().await.expect("acknowledges");
    nothing_more(&mut succeeded).await;
    let watched = tokio::time::timeout(Duration::from_millis(100), watch.next()).await;
    assert!(watched.is_err(), "a watcher saw the replay");
    quiet(fixture.bus.as_ref(), &failing).await;
    quiet(fixture.bus.as_ref(), &other).await;

    drop((failed, succeeded, watch));
    fixture.restart().await;
    assert!(letters(fixture.bus.as_ref(), 1).await[0].replayed);
    let mut failed = fixture.bus.consume(&failing).await.expect("joins");
    fixture.bus.replay(letter.number).await.expect("replays");
    next(&mut failed).await.acknowledger.reject("still a fault").await.expect("answers");
    let letters = letters(fixture.bus.as_ref(), 2).await;
    assert_eq!((letters[1].reason.as_str(), letters[1].replayed), ("still a fault", false));
}

/// Dead letters are listed in order, from a sequence number on, up to a limit.
pub async fn dead_letters_are_listed_page_by_page(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    assert_eq!(bus.dead_letters(0, 10).await.expect("lists"), []);
    publish(bus, &[created("a"), created("b"), created("c")]).await;
    let mut deliveries = bus.consume(&impatient("orders")).await.expect("joins");
    for _ in 0..3 {
        next(&mut deliveries).await.acknowledger.reject("no").await.expect("answers");
    }
    let all = letters(bus, 3).await;
    assert!(all.is_sorted_by(|left, right| left.number < right.number));
    let pages = [
        bus.dead_letters(0, 2).await.expect("lists"),
        bus.dead_letters(all[1].number, 2).await.expect("lists"),
        bus.dead_letters(all[2].number, 2).await.expect("lists"),
    ];
    assert_eq!(pages.concat(), all);
    assert_eq!(pages.map(|page| page.len()), [2, 1, 0]);
}

/// A dead letter that does not exist cannot be replayed.
pub async fn replaying_nothing_fails(fixture: &mut Fixture) {
    let error = error_of(fixture.bus.replay(7).await);
    assert!(matches!(error, BusError::NoDeadLetter(7)), "{error}");
}

/// Two consumers that fail on the same message create a dead letter each.
pub async fn each_consumer_has_its_own_dead_letter(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    publish(bus, &[created("a")]).await;
    for service in ["orders", "payments"] {
        let mut deliveries = bus.consume(&impatient(service)).await.expect("joins");
        next(&mut deliveries).await.acknowledger.reject("no").await.expect("answers");
    }
    let consumers: Vec<_> = letters(bus, 2).await.into_iter().map(|letter| letter.consumer).collect();
    assert_eq!(consumers, ["orders-tickets", "payments-tickets"]);
}
