use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use client::Client;
use ports::bus::{Bus, Consumer, DeadLetter};
use ports::clock::Clock;
use ports::store::{Condition, Query, RecordStore};
use runtime::limits::Proxies;
use runtime::outbound::Network;
use runtime::session::{Keys, SessionCookie};
use runtime::{ConnectionLimits, Host, PeerSecret, Peers, serve};
use server::app::{self, AppSettings};
use server::engines::Engines as Opened;
use server::services::ServiceName;
use server::settings::{LimitFlags, OrderSettings, PaymentSettings, TicketSettings};
use server::simulator::SimulatedProvider;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::engines::Engines;
use super::hurried::HurriedBus;
use crate::services::collection;

/// The reservation window.
pub(super) const WINDOW: Duration = Duration::from_secs(15 * 60);
/// How long it may take until the system is idle. Generous: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(300);
const POLL: Duration = Duration::from_millis(10);
const EVERYTHING: usize = 1_000_000;

/// The whole product in this process, with its real adapters.
pub(super) struct System {
    pub(super) clock: Clock,
    pub(super) bus: Arc<dyn Bus>,
    pub(super) visitor: Client,
    host: Host,
    provider: SimulatedProvider,
    server: JoinHandle<()>,
}

impl System {
    pub(super) async fn start(engines: &Engines, clock: Clock) -> Result<Self> {
        let Opened { bus, stores } = engines.open().await?;
        let bus: Arc<dyn Bus> = Arc::new(HurriedBus(bus));
        let mail_secret = PeerSecret::random();
        let platform = app::platform(
            clock.clone(),
            bus.clone(),
            Arc::new(Network::new()?),
            SessionCookie::new(false),
            Keys::shared(),
            Peers::in_process().with_secret(mail_secret.clone()),
            LimitFlags::off().of_requests(Proxies::default()),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let unlimited = LimitFlags::off();
        let settings = AppSettings {
            auth: auth::Settings {
                mail: Some(auth::MailSettings { secret: mail_secret, confirm_addresses: false }),
                ..auth::Settings::default()
            },
            tickets: TicketSettings::default().tickets(&unlimited),
            orders: OrderSettings { reservation: WINDOW, ..OrderSettings::default() }.orders(&unlimited),
            payments: PaymentSettings::simulated(),
            mail: mail::Settings::default(),
            delivery: delivery::Settings::default(),
            public_url: None,
            stores,
            address,
        };
        let app = app::start(Host::new(platform.clone()), &platform, settings).await?;
        let server = tokio::spawn(serve(listener, app.routes, ConnectionLimits::default(), app.host.shutdown_token()));
        in_time("it is not ready", app.host.readiness().wait()).await?;
        let visitor = Client::new(&format!("http://{address}"))?;
        let provider = app.provider.context("payments are simulated")?;
        Ok(Self { clock, bus, visitor, host: app.host, provider, server })
    }

    /// Shuts it down gracefully. Pending messages stay on the bus.
    pub(super) async fn stop(self) -> Result<()> {
        self.host.shutdown_token().cancel();
        in_time("the server does not end", self.server).await??;
        self.host.stop().await;
        self.provider.stop().await;
        Ok(())
    }

    pub(super) fn consumers(&self) -> &[Consumer] {
        self.host.consumers()
    }

    pub(super) fn records(&self, service: ServiceName) -> Result<Arc<dyn RecordStore>> {
        self.host.records(service.as_str()).with_context(|| format!("{service} does not run here"))
    }

    pub(super) async fn dead_letters(&self) -> Result<Vec<DeadLetter>> {
        Ok(self.bus.dead_letters(0, EVERYTHING).await?)
    }

    /// Returns when the system is idle.
    pub(super) async fn settle(&self) -> Result<()> {
        let settled = async {
            while !self.is_settled().await? {
                tokio::time::sleep(POLL).await;
            }
            Ok(())
        };
        match tokio::time::timeout(PATIENCE, settled).await {
            Ok(settled) => settled,
            Err(_) => bail!("it did not come to rest: {}", self.unfinished().await),
        }
    }

    async fn is_settled(&self) -> Result<bool> {
        Ok(self.has_fired_everything_due().await?
            && self.provider.simulator.pending_webhooks().await? == 0
            && self.host.is_idle().await?)
    }

    async fn has_fired_everything_due(&self) -> Result<bool> {
        let due = vec![
            Condition::Equals("state", "scheduled".into()),
            Condition::AtMost("dueAt", self.clock.now().to_string().into()),
        ];
        let query = Query { limit: Some(1), ..Query::all(due) };
        let schedules = collection(ServiceName::Expiration, "schedules");
        Ok(self.records(ServiceName::Expiration)?.find(schedules, &query).await?.is_empty())
    }

    async fn unfinished(&self) -> String {
        let mut waiting = Vec::new();
        for consumer in self.consumers() {
            match self.bus.backlog(consumer).await {
                Ok(backlog) if backlog.is_empty() => {}
                backlog => waiting.push(format!("{}: {backlog:?}", consumer.name)),
            }
        }
        waiting.join("; ")
    }
}

async fn in_time<T>(otherwise: &'static str, work: impl Future<Output = T>) -> Result<T> {
    tokio::time::timeout(PATIENCE, work).await.context(otherwise)
}
