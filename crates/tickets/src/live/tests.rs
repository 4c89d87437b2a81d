use futures::StreamExt;
use futures::future::FutureExt;

use super::*;

fn change(number: usize) -> LiveEvent {
    LiveEvent::Changed { change: Change::Updated, id: number.to_string().into(), ticket: "{}".into() }
}

fn feed() -> LiveFeed {
    let feed = LiveFeed::default();
    feed.hears_changes(true);
    feed
}

#[tokio::test]
async fn every_watcher_is_told_everything_from_when_it_came() {
    let feed = feed();
    let mut first = Box::pin(feed.watch().await.expect("open"));
    feed.tell(change(1));
    let mut second = Box::pin(feed.watch().await.expect("open"));
    feed.tell(change(2));
    assert_eq!((first.next().await, first.next().await), (Some(change(1)), Some(change(2))));
    assert_eq!(second.next().await, Some(change(2)));
}

#[tokio::test]
async fn who_falls_behind_is_told_to_read_again_and_goes_on_from_there() {
    let feed = feed();
    let mut events = Box::pin(feed.watch().await.expect("open"));
    for number in 0..=CAPACITY {
        feed.tell(change(number));
    }
    assert_eq!(events.next().await, Some(LiveEvent::Resync));
    assert_eq!(events.next().now_or_never(), None, "what was missed is not told late");
    feed.tell(change(7));
    assert_eq!(events.next().await, Some(change(7)));
}

#[tokio::test]
async fn an_interruption_is_followed_by_a_resync() {
    let feed = feed();
    let mut events = Box::pin(feed.watch().await.expect("open"));
    feed.hears_changes(false);
    feed.hears_changes(true);
    assert_eq!(events.next().await, Some(LiveEvent::Resync));
}

#[tokio::test]
async fn nobody_is_let_in_while_changes_cannot_be_heard() {
    let feed = LiveFeed::default();
    assert!(feed.watch().await.is_err());
}

#[tokio::test]
async fn the_end_of_the_service_ends_all_watching() {
    let feed = feed();
    let mut present = Box::pin(feed.watch().await.expect("open"));
    feed.end();
    assert_eq!(present.next().await, None);
    let mut late = Box::pin(feed.watch().await.expect("open"));
    assert_eq!(late.next().await, None);
}
