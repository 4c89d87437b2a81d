//! One service in a process of its own, on MongoDB and NATS.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use ports::clock::Clock;
use ports::store::{Collection, RecordStore};
use runtime::session::Keys;
use runtime::{Deps, Host, Platform, Service};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::engines::{Bussing, Stores, open_bus, open_store};
use crate::gate::Gate;
use crate::process::Ending;
use crate::settings::ServiceSettings;
use crate::telemetry::Telemetry;
use crate::{app, docs, process, telemetry};

/// A service whose process has begun: it answers probes, and its database and bus are open.
pub struct Starting {
    /// What the service shares with nobody here.
    pub platform: Platform,
    /// The service's database.
    pub records: Arc<dyn RecordStore>,
    /// Where the process answers.
    pub address: SocketAddr,
    /// What will run the service.
    pub host: Host,
    name: &'static str,
    telemetry: Telemetry,
    gate: Gate,
    closing: CancellationToken,
    server: JoinHandle<()>,
    ending: Ending,
}

impl Starting {
    /// Begins the process of the service `name`, which answers on `port` unless told otherwise.
    /// It answers probes while it waits for its database and its bus.
    ///
    /// # Errors
    /// If it cannot listen, its database or bus cannot be used, or it is asked to end meanwhile.
    pub async fn begin(name: &'static str, port: u16, settings: &ServiceSettings) -> anyhow::Result<Self> {
        let telemetry = telemetry::init(&settings.process, &[name])?;
        let mut ending = Ending::expected()?;
        let address = settings.listen.unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
        let listener = process::bind(address).await?;
        let address = listener.local_addr().context("the address we listen on")?;
        let (gate, closing) = (Gate::default(), CancellationToken::new());
        let server = process::serve_in_background(listener, gate.routes(), &settings.process, closing.clone());
        let (clock, patience) = (Clock::system(), settings.process.startup_timeout);
        let bussing = Bussing::Nats {
            url: settings.nats_url.clone(),
            namespace: settings.namespace.clone(),
            replicas: settings.nats_replicas.into(),
        };
        let stores = Stores::Mongo { uri: settings.mongodb_uri.clone(), namespace: settings.namespace.clone() };
        let bus = ending.unless_asked(open_bus(&bussing, patience)).await??;
        let records = ending.unless_asked(open_store(&stores, name, patience)).await??;
        let platform = app::platform(clock.clone(), bus, settings.sessions.cookie(), keys(name, settings, clock)?);
        let host = Host::reporting_to(gate.readiness(), platform.clone());
        Ok(Self { platform, records, address, host, name, telemetry, gate, closing, server, ending })
    }

    /// Runs the service that `build` makes, until the process is asked to end.
    ///
    /// # Errors
    /// If the service cannot start, or is asked to end before it is ready.
    pub async fn run(
        mut self,
        collections: &'static [&'static Collection],
        build: impl FnOnce(Deps) -> Service,
    ) -> anyhow::Result<()> {
        self.ending.unless_asked(self.host.add(self.name, self.records, collections, build)).await??;
        let routes = self.host.open();
        self.gate.lead_to(routes.merge(docs::routes(self.platform.sessions.cookie.name())));
        let readiness = self.host.readiness();
        self.ending.unless_asked(readiness.wait()).await?;
        tracing::info!(service = self.name, address = %self.address, "ready");
        self.ending.asked().await;
        self.host.shutdown_token().cancel();
        self.closing.cancel();
        self.server.await.context("the server ended badly")?;
        self.host.stop().await;
        self.telemetry.flush().await;
        Ok(())
    }
}

/// Auth makes the keys; everybody else asks auth for them.
fn keys(name: &str, settings: &ServiceSettings, clock: Clock) -> anyhow::Result<Keys> {
    if name == auth::NAME {
        return Ok(Keys::shared());
    }
    let http = reqwest::Client::builder().connect_timeout(Duration::from_secs(2)).build().context("an HTTP client")?;
    Ok(Keys::fetched_from(settings.auth_keys_url.clone(), http, clock))
}
