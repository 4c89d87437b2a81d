//! Who holds a delivery: it is not made to another consumer while its holder lives, however busy that is,
//! and is when its holder hangs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use adapters::jetstream::JetStreamBus;
use common::events::{Envelope, Event, ExpirationCompleted};
use common::id::{IdGenerator, OrderId};
use common::time::Timestamp;
use ports::bus::{Bus, Consumer, Stream};
use ports::store::StoreError;
use runtime::listener::{ListenError, Listener};
use testkit::engines::NatsServer;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const EXPIRATION: Stream = Stream::new("expiration");

/// An event about `order`; all of them are about the same aggregate if `subject` says so.
fn completed(order: OrderId, subject: &str) -> Envelope {
    Envelope {
        id: order.to_string(),
        source: EXPIRATION.name.to_owned(),
        kind: ExpirationCompleted::TYPE.to_owned(),
        subject: subject.to_owned(),
        time: Timestamp::from_millis(0),
        traceparent: None,
        replay_for: None,
        data: serde_json::json!({ "orderId": order }).into(),
    }
}

fn orders(count: usize) -> Vec<OrderId> {
    let ids = IdGenerator::random();
    (0..count).map(|_| ids.next(Timestamp::from_millis(0))).collect()
}

async fn bus_with(url: &str, events: &[Envelope]) -> JetStreamBus {
    let bus = JetStreamBus::connect(url, None).await.expect("connects");
    bus.declare(&EXPIRATION).await.expect("declares");
    for published in bus.publish(events).await {
        published.expect("publishes");
    }
    bus
}

/// The database is unavailable for several times the consumer's `ack_wait`. Every delivery that its listener
/// holds, including queued ones, is handled once when it is back: no delivery was used up meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_the_database_uses_up_no_deliveries() {
    let server = NatsServer::launch_temporary().await;
    let orders = orders(20);
    let events: Vec<_> = orders.iter().map(|order| completed(*order, "the same")).collect();
    let bus = Arc::new(bus_with(&server.url(), &events).await);
    let handled: Arc<Mutex<HashMap<OrderId, u32>>> = Arc::default();
    let count = handled.clone();
    let ack_wait = Consumer::new("orders", EXPIRATION.name, Vec::new()).ack_wait;
    let back = Instant::now() + ack_wait * 3;
    let listener = Listener::new("orders", EXPIRATION.name).on(move |event: ExpirationCompleted| {
        let count = count.clone();
        async move {
            if Instant::now() < back {
                return Err(ListenError::Store(StoreError::Unavailable("no database".to_owned())));
            }
            *count.lock().expect("no panic").entry(event.order_id).or_default() += 1;
            Ok(())
        }
    });
    let consumer = listener.consumer();
    let (shutdown, running) = (CancellationToken::new(), bus.clone());
    let listening = tokio::spawn(listener.run(running, TaskTracker::new().token(), shutdown.clone()));
    let seen = handled.clone();
    let all_are_handled = async {
        // A consumer that was made a moment ago may say that nothing waits for it.
        while seen.lock().expect("no panic").len() < events.len()
            || !bus.backlog(&consumer).await.expect("counts").is_empty()
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(ack_wait * 20, all_are_handled).await.expect("each is handled once the database is back");
    // By the end of this, duplicates would have been handled, too.
    shutdown.cancel();
    listening.await.expect("ends");
    let once: HashMap<_, _> = orders.into_iter().map(|order| (order, 1)).collect();
    assert_eq!(*handled.lock().expect("no panic"), once);
}

/// A runtime that is not polled is like a stopped process: its connection is open, and nothing in it runs.
/// Its deliveries go to another after `ack_wait`. When it continues, and both reject the message, there is
/// one dead letter.
#[test]
fn deliveries_of_a_stopped_process_go_to_another() {
    let alive = Runtime::new().expect("a runtime");
    let stopped = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let server = alive.block_on(NatsServer::launch_temporary());
    let ack_wait = Duration::from_millis(500);
    let consumer = Consumer { ack_wait, ..Consumer::new("orders", EXPIRATION.name, vec![ExpirationCompleted::TYPE]) };
    let events = [completed(orders(1)[0], "the only one")];

    let (first, mut theirs) = stopped.block_on(async {
        let bus = bus_with(&server.url(), &events).await;
        let mut theirs = bus.consume(&consumer).await.expect("joins");
        (theirs.next().await.expect("delivers"), theirs)
    });
    let bus = alive.block_on(bus_with(&server.url(), &[]));
    alive.block_on(async {
        let mut ours = bus.consume(&consumer).await.expect("joins");
        let next = tokio::time::timeout(Duration::from_secs(30), ours.next()).await;
        let second = next.expect("it stays with the stopped process").expect("delivers");
        assert_eq!(second.envelope, first.envelope);
        assert!(second.attempt > 1, "it was delivered for the first time");
        second.acknowledger.reject("the second").await.expect("answers");
    });
    stopped.block_on(async move {
        first.acknowledger.reject("the first").await.expect("answers");
        // Deliveries sent to it while it was stopped are outdated, too.
        while let Ok(again) = tokio::time::timeout(ack_wait, theirs.next()).await {
            again.expect("delivers").acknowledger.reject("again").await.expect("answers");
        }
    });
    let letters = alive.block_on(bus.dead_letters(0, 10)).expect("lists");
    let reasons: Vec<_> = letters.iter().map(|letter| letter.reason.as_str()).collect();
    assert_eq!(reasons, ["the second"]);
}
