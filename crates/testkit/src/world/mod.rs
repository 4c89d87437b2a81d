//! The whole system in a test's process, on the embedded or on the real engines, with a clock controlled by
//! the test.

mod away;
mod engine;
mod letters;
mod mails;
mod organisers;
mod pages;
mod shuffle;
mod superseded;
mod traces;

pub use engine::Engine;
pub use pages::{Page, Pages};
pub use shuffle::ShuffledBus;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use away::AwayBus;
use client::{Client, Price, Ticket, TicketForm};
use common::events::{Envelope, stream_of};
use common::time::Timestamp;
use engine::Opened;
use futures::StreamExt;
use mail::KeptMails;
use ports::bus::{Bus, Consumer, DeadLetter};
use ports::clock::Clock;
use ports::store::{Collection, Condition, Query, RecordStore};
use runtime::limits::Proxies;
use runtime::outbound::Network;
use runtime::session::{Keys, SessionCookie};
use runtime::{ConnectionLimits, Host, PeerSecret, Peers, Platform, serve};
use serde_json::Value;
use server::app::{self, AppSettings};
use server::services::{ServiceName, ServicesSettings};
use server::settings::TicketSettings;
use server::simulator::{SimulatedProvider, bank_routes};
use stripe_sim::Simulator;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long a condition may take to become true before the test fails.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The price of tickets in tests, in minor units.
pub const PRICE: i64 = 19_99;

/// How a world differs from the product's default settings.
#[derive(Debug, Clone, Default)]
pub struct WorldSettings {
    /// Deliver every event twice and out of order, with this seed.
    pub shuffle: Option<u64>,
    /// The NATS server of real engines, if not the one that tests share.
    pub nats_url: Option<String>,
    /// Whether what a user may do is limited as it is by default.
    pub is_limited: bool,
    /// What may come from one address then; anything if nothing is said, since all of a test does.
    pub address_limits: Option<AddressLimits>,
    /// How many proxies are believed about where a request comes from.
    pub trusted_proxies: usize,
    /// How long the bus keeps events of tickets that others supersede, if not as long as by default.
    pub keep_superseded: Option<Duration>,
    /// The mail server; without one, mails are kept.
    pub smtp_url: Option<String>,
    /// The folder in which the tickets that sellers upload are kept; without one, memory.
    pub files: Option<PathBuf>,
    /// Whether people have to confirm their addresses.
    pub confirms_addresses: bool,
    /// Whether passwords are hashed at the product's cost, which takes most of the time of a sign-in.
    pub hashes_at_full_cost: bool,
}

/// How much may come from one address.
#[derive(Debug, Clone, Copy)]
pub struct AddressLimits {
    /// Changes in half a minute.
    pub changes: u32,
    /// Reservations in an hour.
    pub reservations: u32,
    /// Attempts to pay in an hour.
    pub payments: u32,
}

/// Those of the product.
impl Default for AddressLimits {
    fn default() -> Self {
        Self { changes: 600, reservations: 300, payments: 300 }
    }
}

impl WorldSettings {
    fn tickets(&self) -> TicketSettings {
        let usual = TicketSettings::default();
        TicketSettings { keep_superseded: self.keep_superseded.unwrap_or(usual.keep_superseded), ..usual }
    }
}

/// The running system. Call [`World::settle`] before the end of a test: dropping a world with
/// undelivered events fails it.
pub struct World {
    /// The clock, which a test advances.
    pub clock: Clock,
    /// The base URL.
    pub address: SocketAddr,
    /// The simulated Stripe account.
    pub simulator: Simulator,
    base: Client,
    platform: Platform,
    host: Option<Host>,
    provider: Option<SimulatedProvider>,
    expirations: Arc<dyn RecordStore>,
    schedules: &'static Collection,
    server: JoinHandle<()>,
    engines: Option<Opened>,
    bus_is_away: watch::Sender<bool>,
    kept_mails: KeptMails,
}

impl World {
    /// Starts the system on `engine`.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start(engine: Engine) -> Self {
        Self::start_with(engine, WorldSettings::default()).await
    }

    /// Starts the system on `engine` with `settings`.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start_with(engine: Engine, settings: WorldSettings) -> Self {
        let opened = engine.open(settings.nats_url.clone()).await;
        let bus: Arc<dyn Bus> = match settings.shuffle {
            None => opened.bus.clone(),
            Some(seed) => Arc::new(ShuffledBus::new(opened.bus.clone(), seed)),
        };
        let bus_is_away = watch::Sender::new(false);
        let bus = Arc::new(AwayBus::new(bus, bus_is_away.subscribe()));
        let clock = Clock::manual(Timestamp::parse("2026-11-22T12:00:00Z").expect("a moment"));
        let (http, cookie) = (Network::new().expect("TLS can be set up"), SessionCookie::new(false));
        let limits = engine::limits(settings.is_limited, settings.address_limits);
        let (http, mail_secret) = (Arc::new(http), PeerSecret::random());
        let peers = Peers::in_process().with_secret(mail_secret.clone());
        let platform = app::platform(
            clock.clone(),
            bus,
            http,
            cookie,
            Keys::shared(),
            peers,
            limits.of_requests(Proxies { trusted: settings.trusted_proxies, voucher: None }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let host = Host::new(platform.clone());
        let kept_mails = KeptMails::default();
        let quick = engine::quick_auth();
        let full_cost = auth::Settings::default().hash_cost;
        let app_settings = AppSettings {
            auth: auth::Settings {
                hash_cost: if settings.hashes_at_full_cost { full_cost } else { quick.hash_cost },
                trusted_proxies: settings.trusted_proxies,
                mail: Some(auth::MailSettings { secret: mail_secret, confirm_addresses: settings.confirms_addresses }),
                ..quick
            },
            tickets: settings.tickets().tickets(&limits),
            orders: engine::orders(settings.address_limits).orders(&limits),
            payments: engine::payments(settings.address_limits),
            mail: settings.mail(&kept_mails, format!("http://{address}")),
            delivery: engine::delivery(settings.files.as_deref()),
            public_url: None,
            stores: opened.stores.clone(),
            address,
        };
        let app = app::start(host, &platform, app_settings).await.expect("the system starts");
        let shutdown = app.host.shutdown_token();
        let routes = app.routes.merge(bank_routes(app.provider.as_ref(), &platform));
        let server = tokio::spawn(serve(listener, routes, ConnectionLimits::default(), shutdown));
        within(app.host.readiness().wait()).await;
        let provider = app.provider.expect("payments are simulated");
        Self {
            clock,
            address,
            base: Client::new(&format!("http://{address}")).expect("an address"),
            simulator: provider.simulator.clone(),
            provider: Some(provider),
            platform,
            expirations: app.host.records(ServiceName::Expiration.as_str()).expect("expiration runs here"),
            schedules: schedules(),
            host: Some(app.host),
            server,
            engines: Some(opened),
            bus_is_away,
            kept_mails,
        }
    }

    /// A visitor who has not signed in.
    pub fn visitor(&self) -> Client {
        self.base.anonymous()
    }

    /// A visitor who has just signed up.
    ///
    /// # Panics
    /// If signing up fails.
    pub async fn user(&self, name: &str) -> Client {
        let client = self.visitor();
        client.sign_up(&format!("{name}@example.com"), "correct horse battery").await.expect("signs up");
        client
    }

    /// So many new visitors, named after `role`.
    ///
    /// # Panics
    /// If signing up fails.
    pub async fn users(&self, role: &str, count: usize) -> Vec<Client> {
        let names: Vec<String> = (0..count).map(|number| format!("{role}-{number}")).collect();
        futures::stream::iter(names).map(|name| async move { self.user(&name).await }).buffered(16).collect().await
    }

    /// A ticket that `seller` has just listed, at 19.99.
    ///
    /// # Panics
    /// If it is refused.
    pub async fn listed(&self, seller: &Client) -> Ticket {
        let price = Price::from_minor_units(PRICE).expect("a price");
        seller.create_ticket(&TicketForm::new("Row A, seat 12", price)).await.expect("lists a ticket")
    }

    /// Advances the clock.
    pub fn advance(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// From now on services hear nothing from each other, or do again: what happened meanwhile then arrives.
    pub fn set_bus_away(&self, is_away: bool) {
        self.bus_is_away.send_replace(is_away);
    }

    /// Publishes an event as the service that owns it would, with `json` as its payload.
    ///
    /// # Panics
    /// If the bus refuses it.
    pub async fn publish(&self, kind: &str, subject: &str, json: Value) {
        let envelope = Envelope {
            id: self.platform.ids.next::<Envelope>(self.clock.now()).to_string(),
            source: stream_of(kind).to_owned(),
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            time: self.clock.now(),
            traceparent: None,
            replay_for: None,
            data: json.into(),
        };
        self.platform.bus.publish(&[envelope]).await.pop().expect("an outcome").expect("publishes");
    }

    /// Returns when the system is idle: every event published and processed, every due expiration fired,
    /// every webhook delivered.
    ///
    /// # Panics
    /// If that takes longer than [`PATIENCE`].
    pub async fn settle(&self) {
        let host = self.host.as_ref().expect("the world has not ended");
        let settled = async {
            while !self.is_settled(host).await {
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, settled).await.is_err() {
            panic!("the world did not settle; {}", self.describe(host).await);
        }
    }

    async fn is_settled(&self, host: &Host) -> bool {
        self.has_fired_everything_due().await
            && self.simulator.pending_webhooks().await.expect("the ledger answers") == 0
            && host.is_idle().await.expect("the engines answer")
    }

    async fn has_fired_everything_due(&self) -> bool {
        let due = vec![
            Condition::Equals("state", "scheduled".into()),
            Condition::AtMost("dueAt", self.clock.now().to_string().into()),
        ];
        let query = Query { limit: Some(1), ..Query::all(due) };
        self.expirations.find(self.schedules, &query).await.expect("the store answers").is_empty()
    }

    async fn describe(&self, host: &Host) -> String {
        let mut lines = vec![format!("overdue fired: {}", self.has_fired_everything_due().await)];
        lines.push(format!("webhooks pending: {:?}", self.simulator.pending_webhooks().await.ok()));
        for consumer in host.consumers() {
            lines.push(format!("{}: {:?}", consumer.name, self.platform.bus.backlog(consumer).await));
        }
        lines.join("; ")
    }

    /// The durable consumers of all services.
    ///
    /// # Panics
    /// If the world has ended.
    pub fn consumers(&self) -> &[Consumer] {
        self.host.as_ref().expect("the world has not ended").consumers()
    }

    /// The dead letters.
    ///
    /// # Panics
    /// If the bus does not answer.
    pub async fn dead_letters(&self) -> Vec<DeadLetter> {
        self.platform.bus.dead_letters(0, 1000).await.expect("the bus answers")
    }

    /// Settles, and shuts the system down gracefully.
    ///
    /// # Panics
    /// If something is left undone.
    pub async fn end(mut self) {
        self.settle().await;
        let host = self.host.take().expect("the world has not ended");
        host.shutdown_token().cancel();
        within(&mut self.server).await.expect("the server ends well");
        within(host.stop()).await;
        within(self.provider.take().expect("payments are simulated").stop()).await;
        if let Some(engines) = self.engines.take() {
            engines.remove().await;
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let Some(host) = self.host.take() else { return };
        let idle = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(host.is_idle()));
        host.shutdown_token().cancel();
        if !std::thread::panicking() {
            assert!(matches!(idle, Ok(true)), "the test ended with undelivered events: call settle() first");
        }
    }
}

/// The database in which expiration keeps its deadlines.
fn schedules() -> &'static Collection {
    let expiration = ServiceName::Expiration.definition(&ServicesSettings::default());
    let schedules = expiration.collections.iter().find(|collection| collection.name == "schedules");
    schedules.expect("expiration has schedules")
}

/// The result of `work`, which must complete within [`PATIENCE`].
///
/// # Panics
/// If it does not.
pub async fn within<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.expect("this did not happen in time")
}
