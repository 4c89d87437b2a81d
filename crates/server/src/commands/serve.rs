use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use ports::clock::Clock;
use runtime::outbound::Network;
use runtime::session::Keys;
use runtime::{Host, PeerSecret, Peers};
use tokio_util::sync::CancellationToken;

use crate::app::{self, AppSettings};
use crate::dead_letters::{self, AdminSecret, SecretFile};
use crate::engines::{BusConfig, Engines, OpenOptions, StoreConfig};
use crate::gate::Gate;
use crate::mails;
use crate::process::ShutdownSignal;
use crate::servers::Servers;
use crate::services::ServiceName;
use crate::settings::{
    AccountSettings, DeliverySettings, EngineSettings, LimitFlags, MailSettings, OperatorSettings, OrderSettings,
    PaymentSettings, ProcessSettings, ReadFlags, SessionSettings, TicketSettings,
};
use crate::{events, organisers, pages, simulator, telemetry};

/// Run everything in this process.
#[derive(Debug, clap::Args)]
pub struct ServeCommand {
    /// Where to answer
    #[arg(long, env = "LISTEN_ADDR", default_value = "127.0.0.1:3000", value_parser = crate::settings::listen_address, value_name = "ADDRESS")]
    listen: SocketAddr,
    #[command(flatten)]
    engines: EngineSettings,
    #[command(flatten)]
    sessions: SessionSettings,
    #[command(flatten)]
    accounts: AccountSettings,
    #[command(flatten)]
    tickets: TicketSettings,
    #[command(flatten)]
    orders: OrderSettings,
    #[command(flatten)]
    payments: PaymentSettings,
    #[command(flatten)]
    mail: MailSettings,
    #[command(flatten)]
    delivery: DeliverySettings,
    #[command(flatten)]
    operator: OperatorSettings,
    #[command(flatten)]
    limits: LimitFlags,
    #[command(flatten)]
    reads: ReadFlags,
    #[command(flatten)]
    process: ProcessSettings,
}

impl ServeCommand {
    /// Runs it until the process is asked to end.
    ///
    /// # Errors
    /// If it cannot start.
    pub async fn run(self) -> anyhow::Result<()> {
        self.payments.check(&self.sessions, self.listen)?;
        let services: Vec<_> = ServiceName::ALL.map(ServiceName::as_str).into_iter().chain([web::NAME]).collect();
        let telemetry = telemetry::init(&self.process, &services)?;
        // Not before there is a log: it warns.
        let outgoing = self.mail.outgoing()?;
        if self.engines.mongodb_uri.is_some() {
            self.accounts.warn_of_bare_keys();
        }
        let mut shutdown = ShutdownSignal::listen()?;
        let (gate, closing) = (Gate::new(self.sessions.headers()), CancellationToken::new());
        let servers = Servers::begin(self.listen, &self.process, &gate, gate.visitor_routes(), &closing).await?;
        let address = servers.address;
        let (stores, bus_config) = (StoreConfig::from_settings(&self.engines), BusConfig::from_settings(&self.engines));
        let options = OpenOptions { patience: self.process.startup_timeout, reads: self.reads.limits() };
        let Engines { bus, stores } = shutdown.or(Engines::open(&stores, &bus_config, options)).await??;
        let cookie = self.sessions.cookie();
        let network = Arc::new(Network::new().context("an HTTP client")?);
        let (voucher, mail_secret) = (pages::new_voucher(), PeerSecret::random());
        let peers = Peers::in_process().with_secret(mail_secret.clone());
        let limits = self.limits.of_requests(self.sessions.proxies(Some(voucher.clone())));
        let platform = app::platform(Clock::system(), bus, network, cookie, Keys::shared(), peers, limits);
        let host = Host::reporting_to(gate.readiness(), platform.clone());
        let operators_are_here = servers.operator_address.ip().is_loopback();
        let kept_mails = outgoing.kept().filter(|_| operators_are_here);
        let links_to = self.sessions.public_url.clone();
        let links_to = links_to.unwrap_or_else(|| format!("http://{}", simulator::reachable(address)));
        // Not before the database is open: its lock says that no other process has the directory.
        let delivery = self.delivery.beside(&self.engines)?;
        let settings = AppSettings {
            auth: auth::Settings {
                voucher: Some(voucher.clone()),
                mail: Some(self.sessions.mail(mail_secret)),
                ..self.sessions.auth(&self.accounts)
            },
            tickets: self.tickets.tickets(&self.limits),
            orders: self.orders.orders(&self.limits),
            payments: self.payments,
            mail: self.mail.mail(outgoing, links_to),
            delivery,
            stores,
            public_url: self.sessions.public_url.clone(),
            address,
        };
        let app = shutdown.or(app::start(host, &platform, settings)).await??;
        let secret = AdminSecret::random();
        let _secret_file = leave_secret(&bus_config, servers.operator_address, &secret)?;
        let about = self.operator.about(self.orders.reservation);
        let routes = pages::with_api(app.routes.clone(), &platform, &self.sessions, voucher, address, about)?;
        let bank = simulator::bank_routes(app.provider.as_ref(), &platform);
        let letters = dead_letters::routes(platform.bus.clone(), secret.clone(), platform.tasks.clone());
        let events = events::routes(app.host.internal_routes(), secret.clone());
        let organisers = organisers::routes(app.host.internal_routes(), secret);
        let mails = kept_mails.clone().map(mails::routes).unwrap_or_default();
        gate.mount(routes.merge(bank), letters.merge(events).merge(organisers).merge(mails));
        let readiness = gate.readiness();
        shutdown.or(readiness.wait()).await?;
        announce(&servers, &self.engines, app.provider.is_some(), kept_mails.is_some());
        shutdown.received().await;
        app.host.shutdown_token().cancel();
        closing.cancel();
        servers.ended().await?;
        app.stop().await;
        telemetry.flush().await;
        Ok(())
    }
}

/// If a data directory belongs to this process, `ticketing dead-letters`, `events` and `organisers` have to ask it.
fn leave_secret(bus: &BusConfig, address: SocketAddr, secret: &AdminSecret) -> anyhow::Result<Option<SecretFile>> {
    match bus {
        BusConfig::Directory(directory) => {
            SecretFile::leave(directory, simulator::reachable(address), secret).map(Some)
        }
        BusConfig::Memory | BusConfig::Nats { .. } => Ok(None),
    }
}

fn announce(servers: &Servers, engines: &EngineSettings, simulated: bool, keeps_mails: bool) {
    let Servers { address, operator_address, .. } = servers;
    println!("Ticket marketplace on http://{address}  (API: http://{address}/api/docs)");
    println!("For operators: http://{operator_address}/metrics");
    match (&engines.mongodb_uri, engines.memory) {
        (_, true) => println!("Data: in memory, gone when this ends"),
        (None, false) => println!("Data: in {}", engines.data.display()),
        (Some(_), false) => println!("Data: in MongoDB"),
    }
    if keeps_mails {
        println!("Mails are not sent (--smtp-url), but shown: http://{operator_address}{}", mails::PATH);
    }
    if simulated {
        println!("Payments are simulated: no money moves. Test cards:");
        for card in client::TEST_CARDS {
            println!("  {:<40} {}, {}", card.token, card.number, card.outcome.as_str());
        }
    }
}
