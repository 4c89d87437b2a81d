use std::sync::Arc;
use std::time::Duration;

use ports::bus::{Bus, Stream, Watch, Watched};

use super::fixture::{Fixture, TICKETS, within};
use super::messages::{created, ids_of, many, message, next_watched, publish, until_caught_up};

async fn watch(bus: &dyn Bus, from_start: bool) -> Box<dyn Watch> {
    bus.watch("tickets", &["tickets.created"], from_start).await.expect("watches")
}

/// More messages than any adapter asks for at once.
const SEVERAL_FETCHES: usize = 2500;

/// A watcher from the start sees all existing messages, is notified once that it has caught up, and then
/// sees new ones.
pub async fn a_watcher_from_the_start_sees_everything(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    publish(bus, &many(SEVERAL_FETCHES)).await;
    publish(bus, &[message("tickets.updated", "u")]).await;
    fixture.restart().await;
    let bus = fixture.bus.as_ref();
    let mut watch = watch(bus, true).await;
    assert_eq!(until_caught_up(&mut watch).await, ids_of(&many(SEVERAL_FETCHES)));
    publish(bus, &[message("tickets.updated", "v"), created("x"), created("y")]).await;
    assert_eq!(next_watched(&mut watch).await, "x");
    assert_eq!(next_watched(&mut watch).await, "y");
}

/// A watcher from now on sees only new messages.
pub async fn a_watcher_from_now_sees_what_comes(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    publish(bus, &[created("a")]).await;
    let mut watch = watch(bus, false).await;
    assert_eq!(until_caught_up(&mut watch).await, [""; 0]);
    publish(bus, &[created("b")]).await;
    assert_eq!(next_watched(&mut watch).await, "b");
}

/// A message published right after the watch began is not missed.
pub async fn a_watcher_from_now_misses_nothing(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    let mut watch = watch(bus, false).await;
    publish(bus, &[created("a")]).await;
    let seen = [within(watch.next()).await.expect("watches"), within(watch.next()).await.expect("watches")];
    assert!(seen.contains(&Watched::CaughtUp));
    assert!(seen.contains(&Watched::Event(Arc::new(created("a")))));
}

/// A watcher of an empty stream, or of one without matching messages, has caught up at once.
pub async fn a_watcher_of_nothing_is_caught_up_at_once(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    assert_eq!(until_caught_up(&mut watch(bus, true).await).await, [""; 0]);
    publish(bus, &[message("tickets.updated", "u")]).await;
    assert_eq!(until_caught_up(&mut watch(bus, true).await).await, [""; 0]);
    assert_eq!(until_caught_up(&mut watch(bus, false).await).await, [""; 0]);
}

/// Every watcher sees every message.
pub async fn every_watcher_sees_everything(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    publish(bus, &many(3)).await;
    let (mut one, mut two) = (watch(bus, true).await, watch(bus, true).await);
    assert_eq!(until_caught_up(&mut one).await, ids_of(&many(3)));
    assert_eq!(until_caught_up(&mut two).await, ids_of(&many(3)));
}

/// Cancelling the wait for the next message loses nothing, nor does the watcher begin again with what it was about to get.
pub async fn giving_up_on_a_watch_loses_nothing(fixture: &mut Fixture) {
    publish(fixture.bus.as_ref(), &many(SEVERAL_FETCHES)).await;
    fixture.restart().await;
    let mut watch = watch(fixture.bus.as_ref(), true).await;
    let mut ids = Vec::new();
    within(async {
        loop {
            match tokio::time::timeout(Duration::from_micros(300), watch.next()).await {
                Ok(Ok(Watched::Event(envelope))) => ids.push(envelope.id.clone()),
                Ok(Ok(Watched::CaughtUp)) => break,
                Ok(Err(error)) => panic!("{error}"),
                Err(_) => {}
            }
        }
    })
    .await;
    assert_eq!(ids, ids_of(&many(SEVERAL_FETCHES)));
}

/// A stream removes messages older than its maximum age, and only those.
pub async fn old_messages_are_forgotten(fixture: &mut Fixture) {
    let bus = fixture.bus.as_ref();
    bus.declare(&Stream { max_age: Some(Duration::from_secs(2)), ..TICKETS }).await.expect("declares");
    publish(bus, &many(5)).await;
    assert_eq!(until_caught_up(&mut watch(bus, true).await).await, ids_of(&many(5)));
    within(async {
        while !until_caught_up(&mut watch(bus, true).await).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    publish(bus, &[created("young")]).await;
    assert_eq!(until_caught_up(&mut watch(bus, true).await).await, ["young"]);
}
