use futures::StreamExt;
use futures::future::FutureExt;

use super::*;

fn change(number: usize) -> LiveEvent {
    LiveEvent::Changed { change: LiveChange::Updated, id: number.to_string().into(), ticket: "{}".into() }
}

fn feed() -> LiveFeed {
    let feed = LiveFeed::default();
    feed.set_receiving(true);
    feed
}

#[tokio::test]
async fn every_viewer_is_sent_all_changes_since_it_connected() {
    let feed = feed();
    let mut first = Box::pin(feed.watch().await.expect("open"));
    feed.send(change(1));
    let mut second = Box::pin(feed.watch().await.expect("open"));
    feed.send(change(2));
    assert_eq!((first.next().await, first.next().await), (Some(change(1)), Some(change(2))));
    assert_eq!(second.next().await, Some(change(2)));
}

#[tokio::test]
async fn a_viewer_who_falls_behind_is_sent_a_resync_and_continues_from_there() {
    let feed = feed();
    let mut events = Box::pin(feed.watch().await.expect("open"));
    for number in 0..=CAPACITY {
        feed.send(change(number));
    }
    assert_eq!(events.next().await, Some(LiveEvent::Resync));
    assert_eq!(events.next().now_or_never(), None, "what was missed is not sent late");
    feed.send(change(7));
    assert_eq!(events.next().await, Some(change(7)));
}

#[tokio::test]
async fn an_interruption_is_followed_by_a_resync() {
    let feed = feed();
    let mut events = Box::pin(feed.watch().await.expect("open"));
    feed.set_receiving(false);
    feed.set_receiving(true);
    assert_eq!(events.next().await, Some(LiveEvent::Resync));
}

#[tokio::test]
async fn nobody_can_connect_while_changes_are_not_received() {
    let feed = LiveFeed::default();
    assert!(feed.watch().await.is_err());
}

#[tokio::test]
async fn a_viewer_who_connects_while_the_service_starts_waits_for_it() {
    let feed = LiveFeed::default();
    let mut waiting = Box::pin(feed.watch());
    assert!(waiting.as_mut().now_or_never().is_none());
    feed.set_receiving(true);
    assert!(waiting.await.is_ok());
}

#[tokio::test]
async fn all_streams_end_when_the_service_stops() {
    let feed = feed();
    let mut present = Box::pin(feed.watch().await.expect("open"));
    feed.close();
    assert_eq!(present.next().await, None);
    let mut late = Box::pin(feed.watch().await.expect("open"));
    assert_eq!(late.next().await, None);
}
