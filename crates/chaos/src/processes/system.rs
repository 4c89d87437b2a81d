use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use adapters::sqlite::SqliteStore;
use anyhow::{Context, Result};
use client::BaseUrls;
use common::id::IdGenerator;
use ports::clock::Clock;
use runtime::crash_point::CrashPoint;
use runtime::outbound::Network;
use server::engines::{BusConfig, StoreConfig};
use server::services::ServiceName;
use stripe_sim::{Simulator, SimulatorSettings, WebhookTarget};
use tempfile::TempDir;
use testkit::engines::{Mongod, NatsServer, ObjectStore};
use testkit::process::{MAIL_SECRET, MASTER_KEYS, Server, TICKET_KEYS, freeze, thaw};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::binary::Binary;
use super::links::Links;
use super::part::Part;

/// The seven services, MongoDB, NATS and the object store, each a process; Stripe; and the links between them.
pub(super) struct System {
    pub(super) links: Links,
    pub(super) stripe: Simulator,
    pub(super) stores: StoreConfig,
    pub(super) bus_config: BusConfig,
    /// How long buyers have to pay.
    pub(super) reservation: Duration,
    services: Vec<Server>,
    mongod: Mongod,
    nats: NatsServer,
    files: ObjectStore,
    _closing: DropGuard,
    // Dropped after the engines, which write there.
    _data: TempDir,
}

impl System {
    /// Starts everything.
    pub(super) async fn launch(binary: &Binary, reservation: Duration) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let [mongo_data, nats_data, files_data] = ["mongo", "nats", "files"].map(|name| data.path().join(name));
        let (mongod, nats, files) = tokio::join!(
            Mongod::launch(&mongo_data),
            NatsServer::launch(&nats_data),
            ObjectStore::launch(&files_data),
        );
        let stripe_listener = TcpListener::bind("127.0.0.1:0").await?;
        // The proxies need the addresses of the services, and the services those of the proxies.
        let ports: [u16; ServiceName::ALL.len()] = testkit::engines::free_ports();
        let answering = |service: ServiceName| SocketAddr::from(([127, 0, 0, 1], ports[service as usize]));
        let links = Links::lay(
            address_in(&mongod.uri())?,
            address_in(&nats.url())?,
            answering(ServiceName::Auth),
            answering(ServiceName::Orders),
            stripe_listener.local_addr()?,
            answering(ServiceName::Payments),
            files.listens(),
        )
        .await?;
        let settings = SimulatorSettings {
            webhooks: Some(WebhookTarget {
                url: format!("http://{}/api/webhooks/stripe", links.webhooks()),
                http: Arc::new(Network::new()?),
            }),
            ..SimulatorSettings::default()
        };
        let services = ServiceName::ALL.into_iter().map(|service| {
            let program = binary
                .of(service)
                .env("LISTEN_ADDR", answering(service).to_string())
                .env("OPERATOR_LISTEN", "127.0.0.1:0")
                // Few people trade as many do.
                .env("LIMITS", "off")
                // Not as a replica set, whose members' own addresses would bypass the proxy.
                .env("MONGODB_URI", format!("mongodb://{}/?directConnection=true", links.database(service)))
                .env("NATS_URL", format!("nats://{}", links.bus(service)))
                .env("AUTH_KEYS_URL", format!("http://{}/api/users/keys", links.keys()))
                .env("ORDERS_URL", format!("http://{}", links.orders()));
            let program = match service {
                ServiceName::Orders => program.env("RESERVATION_WINDOW", format!("{}ms", reservation.as_millis())),
                ServiceName::Auth => program.env("MAIL_SECRET", MAIL_SECRET),
                // Nobody is written to: what would be sent is kept in memory.
                ServiceName::Mail => {
                    program.env("MAIL_SECRET", MAIL_SECRET).env("AUTH_URL", format!("http://{}", links.keys()))
                }
                ServiceName::Delivery => program
                    .env("OBJECT_STORE", ObjectStore::address_by(links.files()))
                    .envs(ObjectStore::keys())
                    .env("MASTER_KEYS", MASTER_KEYS)
                    .env("TICKET_KEYS", TICKET_KEYS),
                ServiceName::Payments => program
                    .env("STRIPE_SECRET_KEY", &settings.secret_key)
                    .env("STRIPE_WEBHOOK_SECRET", &settings.webhook_secret)
                    .env("STRIPE_API_BASE", format!("http://{}", links.stripe())),
                _ => program,
            };
            Server::answering(program, ports[service as usize], "/readyz")
        });
        let services = services.collect();
        let closing = CancellationToken::new();
        let stripe = open_stripe(stripe_listener, settings, closing.clone()).await?;
        let stores = StoreConfig::Mongo { uri: mongod.uri(), namespace: None };
        let bus_config = BusConfig::Nats { url: nats.url(), namespace: None, replicas: 1 };
        let _closing = closing.drop_guard();
        let mut system = Self {
            links,
            stripe,
            stores,
            bus_config,
            reservation,
            services,
            mongod,
            nats,
            files,
            _closing,
            _data: data,
        };
        system.services.iter_mut().for_each(Server::start);
        system.until_ready().await;
        Ok(system)
    }

    /// The URL of a service.
    pub(super) fn url(&self, service: ServiceName) -> String {
        self.services[service as usize].url()
    }

    /// The services' URLs.
    pub(super) fn urls(&self) -> Result<BaseUrls> {
        let url = |service: ServiceName| self.url(service);
        Ok(BaseUrls::each(
            &url(ServiceName::Auth),
            &url(ServiceName::Tickets),
            &url(ServiceName::Orders),
            &url(ServiceName::Payments),
            &url(ServiceName::Mail),
            &url(ServiceName::Delivery),
        )?)
    }

    /// SIGKILL, and a restart when `down` is over.
    pub(super) async fn kill(&mut self, part: Part, down: impl Future<Output = ()>) {
        match part {
            Part::Service(service) => {
                self.services[service as usize].kill().await;
                down.await;
                self.services[service as usize].restart().await;
            }
            Part::Mongod => {
                self.mongod.kill();
                down.await;
                self.mongod.restart().await;
            }
            Part::Nats => {
                self.nats.kill();
                down.await;
                self.nats.restart().await;
            }
            Part::ObjectStore => {
                self.files.kill();
                down.await;
                self.files.restart().await;
            }
        }
    }

    /// SIGSTOP, and SIGCONT when `frozen` is over.
    pub(super) async fn freeze(&self, part: Part, frozen: impl Future<Output = ()>) -> Result<()> {
        let pid = match part {
            Part::Service(service) => self.services[service as usize].pid(),
            Part::Mongod => self.mongod.pid(),
            Part::Nats => self.nats.pid(),
            Part::ObjectStore => self.files.pid(),
        };
        freeze(pid)?;
        frozen.await;
        Ok(thaw(pid)?)
    }

    /// The object store has no room, until `full` is over.
    pub(super) async fn fill(&self, full: impl Future<Output = ()>) -> Result<()> {
        self.files.set_full(true)?;
        full.await;
        Ok(self.files.set_full(false)?)
    }

    /// Starts a service so that it crashes when it reaches the point for the n-th time, waits until it has,
    /// and restarts it normally. Returns whether it crashed there.
    pub(super) async fn crash(
        &mut self,
        service: ServiceName,
        point: CrashPoint,
        passing: u32,
        patience: Duration,
    ) -> bool {
        let server = &mut self.services[service as usize];
        server.kill().await;
        let spared = passing.saturating_sub(1);
        server.start_with(&[("FAILPOINTS", &format!("{}={spared}*off->return", point.name()))]);
        let began = Instant::now();
        while !server.has_ended() && began.elapsed() < patience {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let has_died = server.has_ended();
        if has_died {
            server.ended().await;
        } else {
            server.kill().await;
        }
        server.restart().await;
        has_died
    }

    /// Returns when everything is ready.
    pub(super) async fn until_ready(&mut self) {
        for service in &mut self.services {
            service.until_ready().await;
        }
    }

    /// The output of the services.
    pub(super) fn logs(&self) -> Vec<(ServiceName, String)> {
        ServiceName::ALL.into_iter().map(|service| (service, self.services[service as usize].stderr())).collect()
    }
}

async fn open_stripe(
    listener: TcpListener,
    settings: SimulatorSettings,
    closing: CancellationToken,
) -> Result<Simulator> {
    let records = Arc::new(SqliteStore::in_memory()?);
    let simulator = Simulator::new(records, Clock::system(), IdGenerator::random(), settings).await?;
    let serving = simulator.clone();
    tokio::spawn(async move { serving.serve(listener, closing).await });
    Ok(simulator)
}

fn address_in(url: &str) -> Result<SocketAddr> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let address = rest.split('/').next().unwrap_or(rest);
    address.parse().with_context(|| format!("the address in {url}"))
}
