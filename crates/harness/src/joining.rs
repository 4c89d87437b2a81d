//! A service is ready only once it hears of what happens as news.

use std::sync::Arc;
use std::time::Duration;

use adapters::local::LocalBus;
use async_trait::async_trait;
use common::events::{Event, OrderCompleted, SessionRevoked, TicketRef, stream_of};
use common::version::Version;
use ports::bus::{Bus, BusError, BusLayer, Consumer, Deliveries, Stream};
use runtime::limits::LimitSettings;
use runtime::listener::{Age, Listener};
use runtime::{Service, ServiceDefinition};
use tokio::sync::Semaphore;
use utoipa_axum::router::OpenApiRouter;

use crate::{Harness, within};

/// A bus whose consumers join when a test says so.
struct SlowBus {
    inner: LocalBus,
    may_join: Arc<Semaphore>,
}

#[async_trait]
impl BusLayer for SlowBus {
    fn inner(&self) -> &dyn Bus {
        &self.inner
    }

    async fn consume(&self, consumer: &Consumer) -> Result<Box<dyn Deliveries>, BusError> {
        let _permit = self.may_join.acquire().await.expect("is never closed");
        self.inner.consume(consumer).await
    }
}

/// A bus with these streams, and the one that every service needs to be ready.
async fn bus(streams: &[&'static str]) -> LocalBus {
    let bus = LocalBus::in_memory().expect("a bus in memory opens");
    for stream in [&[stream_of(SessionRevoked::TYPE)], streams].concat() {
        bus.declare(&Stream::new(stream)).await.expect("declares");
    }
    bus
}

/// A service that does nothing but listen.
fn listening() -> ServiceDefinition {
    hearing(|_| {})
}

/// The same, and says how old is what it hears.
fn hearing(hears: impl Fn(Age) + Send + Sync + 'static) -> ServiceDefinition {
    let heard = move |_: OrderCompleted, age| {
        hears(age);
        std::future::ready(Ok(()))
    };
    let build = |_| Service {
        routes: OpenApiRouter::new(),
        internal: OpenApiRouter::new(),
        streams: Vec::new(),
        listeners: vec![Listener::new("test", stream_of(OrderCompleted::TYPE)).on_news(heard)],
        tasks: Vec::new(),
    };
    let api = OpenApiRouter::<()>::new().into_openapi();
    ServiceDefinition { name: "test", collections: &[], api, build: Box::new(build) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_is_not_ready_before_its_consumers_have_joined() {
    let (inner, may_join) = (bus(&[stream_of(OrderCompleted::TYPE)]).await, Arc::new(Semaphore::new(0)));
    let bus = Arc::new(SlowBus { inner, may_join: may_join.clone() });
    let mut starting = Box::pin(Harness::start_on(bus, listening(), LimitSettings::off()));
    let early = tokio::time::timeout(Duration::from_millis(300), &mut starting).await;
    assert!(early.is_err(), "it is ready, and would take what happens now for history");
    may_join.add_permits(1);
    within(starting).await;
}

#[tokio::test(start_paused = true)]
async fn a_consumer_that_does_not_join_is_waited_for_no_longer_than_a_while() {
    let inner = bus(&[stream_of(OrderCompleted::TYPE)]).await;
    let bus = Arc::new(SlowBus { inner, may_join: Arc::new(Semaphore::new(0)) });
    within(Harness::start_on(bus, listening(), LimitSettings::off())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_of_a_service_that_never_ran_is_not_waited_for_and_all_that_it_does_is_news() {
    let (inner, may_join) = (bus(&[]).await, Arc::new(Semaphore::new(1)));
    let (hears, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let definition = hearing(move |age| hears.send(age).expect("is listened to"));
    let bus = Arc::new(SlowBus { inner, may_join: may_join.clone() });
    let app = within(Harness::start_on(bus.clone(), definition, LimitSettings::off())).await;
    may_join.acquire().await.expect("is never closed").forget();
    bus.inner.declare(&Stream::new(stream_of(OrderCompleted::TYPE))).await.expect("declares");
    let (ids, now) = (&app.deps.platform.ids, app.clock.now());
    let completed =
        OrderCompleted { id: ids.next(now), version: Version::FIRST, ticket: TicketRef { id: ids.next(now) } };
    app.publish("orders", &completed).await;
    may_join.add_permits(1);
    assert_eq!(within(heard.recv()).await, Some(Age::News));
}
