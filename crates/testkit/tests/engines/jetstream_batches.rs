//! Many events at once are published to JetStream as atomic batches. Interruptions must neither lose nor
//! duplicate any of them.

use std::collections::HashMap;
use std::time::Duration;

use adapters::jetstream::JetStreamBus;
use async_nats::jetstream::stream::{Config, Stream as Kept};
use async_nats::jetstream::{self, Context};
use common::events::Envelope;
use ports::bus::{Bus, BusError, Stream};
use testkit::contract::bus::created;
use testkit::engines::NatsServer;

const TICKETS: Stream = Stream::new("tickets");
/// Enough to be sent as a batch.
const MANY: usize = 100;

fn many(prefix: &str) -> Vec<Envelope> {
    (0..MANY).map(|number| created(&format!("{prefix}{number}"))).collect()
}

async fn bus_at(server: &NatsServer) -> JetStreamBus {
    let bus = JetStreamBus::connect(&server.url(), None).await.expect("connects");
    bus.declare(&TICKETS).await.expect("declares");
    bus
}

async fn operator_at(server: &NatsServer) -> Context {
    jetstream::new(async_nats::connect(server.url()).await.expect("connects"))
}

async fn publish(bus: &JetStreamBus, events: &[Envelope]) {
    for result in bus.publish(events).await {
        result.expect("publishes");
    }
}

/// The content of the stream in order: the id of each message, and that of its batch.
async fn kept(stream: &mut Kept) -> Vec<(String, Option<String>)> {
    let last = stream.info().await.expect("is there").state.last_sequence;
    let mut kept = Vec::new();
    for sequence in 1..=last {
        let headers = stream.get_raw_message(sequence).await.expect("is there").headers;
        let header = |name: &str| headers.get(name).map(ToString::to_string);
        kept.push((header("ce-id").expect("an id"), header("Nats-Batch-Id")));
    }
    kept
}

fn ids(kept: &[(String, Option<String>)]) -> Vec<&str> {
    kept.iter().map(|(id, _)| id.as_str()).collect()
}

fn ids_of(events: &[Envelope]) -> Vec<&str> {
    events.iter().map(|event| event.id.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn many_events_go_as_one_batch_in_their_order() {
    let server = NatsServer::launch_temporary().await;
    let (bus, operator) = (bus_at(&server).await, operator_at(&server).await);
    let events = many("e");
    publish(&bus, &events).await;
    let kept = kept(&mut operator.get_stream("tickets").await.expect("is there")).await;
    assert_eq!(ids(&kept), ids_of(&events));
    assert!(kept[0].1.is_some(), "it went without a batch");
    assert!(kept.iter().all(|(_, batch)| *batch == kept[0].1), "not all went with the same batch");
}

/// Then the server refuses the whole batch.
#[tokio::test(flavor = "multi_thread")]
async fn duplicates_in_a_batch_leave_the_other_events_alone() {
    let server = NatsServer::launch_temporary().await;
    let (bus, operator) = (bus_at(&server).await, operator_at(&server).await);
    publish(&bus, &[created("e3"), created("e70")]).await;
    let mut events = many("e");
    events[50] = created("e49");
    publish(&bus, &events).await;
    // All of it again, as a relay does that crashed before it could clear its outbox.
    publish(&bus, &events).await;
    let kept = kept(&mut operator.get_stream("tickets").await.expect("is there")).await;
    let expected = ["e3", "e70"].into_iter().chain(
        ids_of(&events).into_iter().enumerate().filter(|(place, _)| ![3, 50, 70].contains(place)).map(|(_, id)| id),
    );
    assert_eq!(ids(&kept), expected.collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_event_that_is_too_large_spoils_no_batch() {
    let server = NatsServer::launch_temporary().await;
    let (bus, operator) = (bus_at(&server).await, operator_at(&server).await);
    let mut events = many("e");
    events[7].data = serde_json::Value::from("x".repeat(2 << 20)).into();
    let mut results = bus.publish(&events).await;
    let too_large = results.remove(7);
    assert!(matches!(too_large, Err(BusError::Malformed(_))), "{too_large:?}");
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    events.remove(7);
    let kept = kept(&mut operator.get_stream("tickets").await.expect("is there")).await;
    assert_eq!(ids(&kept), ids_of(&events));
}

/// Caused by an operator, or by a server downgraded to an older version.
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_takes_no_batches_any_more_takes_its_events() {
    let server = NatsServer::launch_temporary().await;
    let (bus, operator) = (bus_at(&server).await, operator_at(&server).await);
    let mut stream = operator.get_stream("tickets").await.expect("is there");
    let plain = Config { allow_atomic_publish: false, ..stream.cached_info().config.clone() };
    operator.update_stream(plain).await.expect("updates");
    let events = many("e");
    publish(&bus, &events).await;
    assert_eq!(ids(&kept(&mut stream).await), ids_of(&events));
}

/// Killed repeatedly during batches, the server keeps everything it has acknowledged. An unacknowledged
/// batch is stored completely or not at all, and can be retried without duplicates.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_keeps_no_half_batches() {
    let mut server = NatsServer::launch_temporary().await;
    let mut published: Vec<Envelope> = Vec::new();
    for round in 0..4_u64 {
        let bus = bus_at(&server).await;
        let sending = tokio::spawn(async move {
            let mut sent = Vec::new();
            for number in 0.. {
                let events = many(&format!("{round}-{number}-"));
                let is_acknowledged = bus.publish(&events).await.iter().all(Result::is_ok);
                sent.push((events, is_acknowledged));
                if !is_acknowledged {
                    break;
                }
            }
            sent
        });
        // At a random moment of a batch each time.
        tokio::time::sleep(Duration::from_millis(150 + 17 * round)).await;
        server.kill();
        let sent = sending.await.expect("ends");
        server.restart().await;

        let mut stream = operator_at(&server).await.get_stream("tickets").await.expect("is there");
        let mut count: HashMap<String, usize> = HashMap::new();
        for (id, _) in kept(&mut stream).await {
            *count.entry(id).or_default() += 1;
        }
        for (events, is_acknowledged) in &sent {
            let present = events.iter().filter(|event| count.contains_key(&event.id)).count();
            assert!(present == MANY || present == 0 && !is_acknowledged, "{present} of {MANY}, {is_acknowledged}");
        }
        assert!(count.values().all(|count| *count == 1), "something is there twice");

        let bus = bus_at(&server).await;
        for (events, _) in sent {
            publish(&bus, &events).await;
            published.extend(events);
        }
    }
    let mut stream = operator_at(&server).await.get_stream("tickets").await.expect("is there");
    assert_eq!(ids(&kept(&mut stream).await), ids_of(&published));
}
