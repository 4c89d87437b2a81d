//! One service under test: on the embedded adapters in memory, with a clock controlled by the test; and the files that
//! tests of several crates hand to it.

mod audited;
mod authenticator;
mod history;
#[cfg(test)]
mod joining;
mod order_news;
mod request;
pub mod ticket_files;
mod user;

pub use audited::{Audited, Errors};
pub use authenticator::DevicePasskey;
pub use order_news::{order_cancelled, order_completed};
pub use request::{Reply, Request};
pub use user::TestUser;

use std::sync::Arc;
use std::time::Duration;

use adapters::local::LocalBus;
use adapters::sqlite::SqliteStore;
use axum::Router;
use common::events::{Envelope, Event, Payload};
use common::id::IdGenerator;
use common::time::Timestamp;
use ports::bus::{Bus, Stream, Watched};
use ports::clock::Clock;
use ports::store::RecordStore;
use runtime::limits::LimitSettings;
use runtime::outbound::Network;
use runtime::session::{Keys, Revoked, SessionCookie, SessionVerifier};
use runtime::{Deps, Host, Peers, Platform, ServiceDefinition};
use tokio_util::task::TaskTracker;
use user::SigningKey;

/// How long a condition may take to become true before the test fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How many tasks of every service sleep by its clock, besides its own.
pub const PERIODIC_TASKS: usize = 1;

/// A store with nothing in it, in memory.
///
/// # Panics
/// If it does not open.
pub fn empty_store() -> Arc<dyn RecordStore> {
    Arc::new(SqliteStore::in_memory().expect("a store in memory opens"))
}

/// A running service and the means to use it.
pub struct Harness {
    /// The service's routes with all layers.
    pub routes: Router,
    /// Its routes for other services.
    pub internal: Router,
    /// The clock, which a test advances.
    pub clock: Clock,
    /// The dependencies the service was built with.
    pub deps: Deps,
    host: Host,
    key: Arc<SigningKey>,
}

impl Harness {
    /// Starts the service on empty stores, at a fixed time in 2026. It receives events of every stream,
    /// whoever publishes them. Nobody sends too many requests.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start(definition: ServiceDefinition) -> Self {
        Self::start_limited(definition, LimitSettings::off()).await
    }

    /// The same, with limits of requests.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start_limited(definition: ServiceDefinition, limits: LimitSettings) -> Self {
        let bus = Arc::new(LocalBus::in_memory().expect("a bus in memory opens"));
        for stream in common::events::streams() {
            bus.declare(&Stream::new(stream)).await.expect("declares");
        }
        Self::start_on(bus, definition, limits).await
    }

    async fn start_on(bus: Arc<dyn Bus>, definition: ServiceDefinition, limits: LimitSettings) -> Self {
        audited::listen();
        let clock = Clock::manual(Timestamp::parse("2026-11-22T12:00:00Z").expect("a moment"));
        let sessions = SessionVerifier {
            cookie: SessionCookie::new(false),
            keys: Keys::shared(),
            revoked: Revoked::default(),
            clock: clock.clone(),
        };
        let key = Arc::new(SigningKey::generate());
        sessions.keys.publish(key.published());
        let platform = Platform {
            clock: clock.clone(),
            ids: IdGenerator::random(),
            bus,
            http: Arc::new(Network::new().expect("an HTTP client")),
            peers: Peers::in_process(),
            sessions,
            limits: Arc::new(limits),
            tasks: TaskTracker::new(),
        };
        Self::run(definition, platform, empty_store(), key).await
    }

    /// Starts another replica of the service, on the same database.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn replica(&self, definition: ServiceDefinition) -> Self {
        let Deps { platform, records, .. } = self.deps.clone();
        Self::run(definition, platform, records, self.key.clone()).await
    }

    async fn run(
        definition: ServiceDefinition,
        platform: Platform,
        store: Arc<dyn RecordStore>,
        key: Arc<SigningKey>,
    ) -> Self {
        let (clock, mut host) = (platform.clock.clone(), Host::new(platform));
        let (given, taken) = std::sync::mpsc::channel();
        let build = definition.build;
        let build = Box::new(move |deps: Deps| {
            given.send(deps.clone()).expect("is waited for");
            build(deps)
        });
        host.add(ServiceDefinition { build, ..definition }, store).await.expect("the service starts");
        let deps = taken.recv().expect("the service was built");
        let (routes, internal) = (host.open(), host.internal_routes());
        within(host.readiness().wait()).await;
        Self { routes, internal, clock, deps, host, key }
    }

    /// A new signed-in user.
    pub fn user(&self) -> TestUser {
        self.key.sign_in(&self.deps.platform.ids, self.clock.now(), true)
    }

    /// One who has yet to confirm their address.
    pub fn unconfirmed_user(&self) -> TestUser {
        self.key.sign_in(&self.deps.platform.ids, self.clock.now(), false)
    }

    /// Begins a GET.
    pub fn get(&self, path: &str) -> Request {
        self.request("GET", path)
    }

    /// Begins a POST.
    pub fn post(&self, path: &str) -> Request {
        self.request("POST", path)
    }

    /// Begins a PUT.
    pub fn put(&self, path: &str) -> Request {
        self.request("PUT", path)
    }

    /// Begins a DELETE.
    pub fn delete(&self, path: &str) -> Request {
        self.request("DELETE", path)
    }

    /// Begins a question of another service.
    pub fn ask(&self, path: &str) -> Request {
        Request::new(self.internal.clone(), "POST", path)
    }

    fn request(&self, method: &str, path: &str) -> Request {
        Request::new(self.routes.clone(), method, path)
    }

    /// Publishes an event as the service `source` would.
    ///
    /// # Panics
    /// If the bus refuses it.
    pub async fn publish<E: Event>(&self, source: &str, event: &E) {
        self.publish_as::<E>(source, event, Payload::of(event).expect("events serialise")).await;
    }

    /// Publishes `event` as a newer version of the service `source` might: with a field that has a value which
    /// no enum here has.
    ///
    /// # Panics
    /// If the event has no such field, or the bus refuses it.
    pub async fn publish_newer<E: Event>(&self, source: &str, event: &E, field: &str) {
        let mut json = serde_json::to_value(event).expect("events serialise");
        *json.pointer_mut(field).unwrap_or_else(|| panic!("there is no {field}")) = "invented-later".into();
        self.publish_as::<E>(source, event, json.into()).await;
    }

    async fn publish_as<E: Event>(&self, source: &str, event: &E, data: Payload) {
        let envelope = Envelope {
            id: self.deps.platform.ids.next::<E>(self.clock.now()).to_string(),
            source: source.to_owned(),
            kind: E::TYPE.to_owned(),
            subject: event.subject(),
            time: self.clock.now(),
            traceparent: None,
            replay_for: None,
            data,
        };
        self.deps.platform.bus.publish(&[envelope]).await.pop().expect("one result").expect("publishes");
    }

    /// Returns when every event is published, and processed by the service.
    ///
    /// # Panics
    /// If that takes too long.
    pub async fn settle(&self) {
        within(async {
            while !self.host.is_idle().await.expect("the store and the bus answer") {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
    }

    /// All events of type `E` published so far, in order.
    ///
    /// # Panics
    /// If the bus fails.
    pub async fn published<E: Event>(&self) -> Vec<E> {
        let stream = common::events::stream_of(E::TYPE);
        let mut watch = self.deps.platform.bus.watch(stream, &[E::TYPE], true).await.expect("watches");
        let mut events = Vec::new();
        while let Watched::Event(envelope) = within(watch.next()).await.expect("watches") {
            events.push(envelope.payload().expect("has the payload of its type"));
        }
        events
    }

    /// The reasons of the dead letters so far.
    ///
    /// # Panics
    /// If the bus fails.
    pub async fn dead_letters(&self) -> Vec<String> {
        let letters = self.deps.platform.bus.dead_letters(0, 1000).await.expect("lists");
        letters.into_iter().map(|letter| letter.reason).collect()
    }

    /// Shuts the service down gracefully.
    pub async fn stop(self) {
        self.host.stop().await;
    }
}

/// The result of `work`, which must complete within [`PATIENCE`].
///
/// # Panics
/// If it does not.
pub async fn within<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.expect("this did not happen in time")
}
