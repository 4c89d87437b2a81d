//! A service is ready only once it hears of what happens as news.

use std::sync::Arc;
use std::time::Duration;

use adapters::local::LocalBus;
use async_trait::async_trait;
use common::events::{Event, OrderCompleted, SessionRevoked, stream_of};
use ports::bus::{Bus, BusError, BusLayer, Consumer, Deliveries, Stream};
use runtime::limits::LimitSettings;
use runtime::listener::Listener;
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
    let build = |_| Service {
        routes: OpenApiRouter::new(),
        internal: OpenApiRouter::new(),
        streams: Vec::new(),
        listeners: vec![
            Listener::new("test", stream_of(OrderCompleted::TYPE)).on(|_: OrderCompleted| async { Ok(()) }),
        ],
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

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_of_a_service_that_never_ran_is_not_waited_for() {
    let bus = Arc::new(bus(&[]).await);
    within(Harness::start_on(bus, listening(), LimitSettings::off())).await;
}
