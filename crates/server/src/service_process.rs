//! One service in a process of its own, on MongoDB and NATS: `ticketing service orders`.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use ports::clock::Clock;
use ports::store::RecordStore;
use runtime::outbound::{HttpCalls, Network};
use runtime::session::Keys;
use runtime::{Host, Peers, Platform, ServiceDefinition};
use tokio_util::sync::CancellationToken;

use crate::engines::{BusConfig, Engines, OpenOptions, StoreConfig};
use crate::gate::Gate;
use crate::process::ShutdownSignal;
use crate::servers::Servers;
use crate::services::ServiceName;
use crate::settings::ServiceSettings;
use crate::telemetry::Telemetry;
use crate::{app, docs, telemetry};

/// The process of a service that is starting: it responds to probes, and its database and bus are open.
pub struct ServiceProcess {
    /// What the service is built on; no other service is in this process.
    pub platform: Platform,
    /// The service's database.
    pub records: Arc<dyn RecordStore>,
    /// Where the process listens.
    pub address: SocketAddr,
    /// Runs the service.
    pub host: Host,
    telemetry: Telemetry,
    gate: Gate,
    closing: CancellationToken,
    servers: Servers,
    shutdown: ShutdownSignal,
}

impl ServiceProcess {
    /// Begins the process of the service `name`. It responds to probes while it waits for its database
    /// and its bus.
    ///
    /// # Errors
    /// If it cannot listen, its database or bus cannot be used, or it is asked to end meanwhile.
    pub async fn begin(name: ServiceName, settings: &ServiceSettings) -> anyhow::Result<Self> {
        Self::begin_asking(name, settings, |peers| peers).await
    }

    /// The same for a service that asks others than orders, too.
    ///
    /// # Errors
    /// As [`ServiceProcess::begin`].
    pub async fn begin_asking(
        name: ServiceName,
        settings: &ServiceSettings,
        asking: impl FnOnce(Peers) -> Peers,
    ) -> anyhow::Result<Self> {
        let telemetry = telemetry::init(&settings.process, &[name.as_str()])?;
        let mut shutdown = ShutdownSignal::listen()?;
        let (gate, closing) = (Gate::new(settings.sessions.headers()), CancellationToken::new());
        let listen = settings.listen_address(name);
        let servers = Servers::begin(listen, &settings.process, &gate, gate.visitor_routes(), &closing).await?;
        let address = servers.address;
        let options = OpenOptions { patience: settings.process.startup_timeout, reads: settings.reads.limits() };
        let (stores, bus) = (StoreConfig::of_service(settings), BusConfig::of_service(settings));
        let Engines { bus, stores } = shutdown.or(Engines::open(&stores, &bus, options)).await??;
        let records = shutdown.or(stores.of(name.as_str())).await??;
        let (clock, http) = (Clock::system(), Arc::new(Network::new().context("an HTTP client")?));
        let keys = keys(name, settings, http.clone(), clock.clone())?;
        let orders = settings.orders_url.parse().context("--orders-url is no address")?;
        let peers = asking(Peers::at(orders, http.clone()));
        let limits = settings.limits.of_requests(settings.sessions.proxies(None));
        let platform = app::platform(clock, bus, http, settings.sessions.cookie(), keys, peers, limits);
        let host = Host::reporting_to(gate.readiness(), platform.clone());
        Ok(Self { platform, records, address, host, telemetry, gate, closing, servers, shutdown })
    }

    /// Runs the service, and what its process serves `beside` it, until the process is asked to end.
    ///
    /// # Errors
    /// If the service cannot start, or is asked to end before it is ready.
    pub async fn run(mut self, definition: ServiceDefinition, beside: Router) -> anyhow::Result<()> {
        let name = definition.name;
        self.shutdown.or(self.host.add(definition, self.records)).await??;
        let routes = self.host.open().merge(self.host.internal_routes()).merge(beside);
        self.gate.mount(routes.merge(docs::routes(self.platform.sessions.cookie.name())), Router::new());
        let readiness = self.host.readiness();
        self.shutdown.or(readiness.wait()).await?;
        let operators = self.servers.operator_address;
        tracing::info!(service = name, address = %self.address, %operators, "ready");
        self.shutdown.received().await;
        self.host.shutdown_token().cancel();
        self.closing.cancel();
        self.servers.ended().await?;
        self.host.stop().await;
        self.telemetry.flush().await;
        Ok(())
    }
}

/// Auth creates the keys; all others fetch them from auth.
fn keys(name: ServiceName, settings: &ServiceSettings, http: Arc<dyn HttpCalls>, clock: Clock) -> anyhow::Result<Keys> {
    if name == ServiceName::Auth {
        return Ok(Keys::shared());
    }
    let url = settings.auth_keys_url.parse().context("--auth-keys-url is no address")?;
    let keys = Keys::fetched_from(url, http, clock);
    keys.ask_for_confirmation(settings.sessions.confirms_addresses());
    Ok(keys)
}
