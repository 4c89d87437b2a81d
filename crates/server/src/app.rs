//! All services in one process.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use common::id::IdGenerator;
use ports::bus::Bus;
use ports::clock::Clock;
use ports::store::RecordStore;
use runtime::limits::LimitSettings;
use runtime::outbound::HttpCalls;
use runtime::session::{Keys, Revoked, SessionCookie, SessionVerifier};
use runtime::{Host, Peers, Platform};
use tokio_util::task::TaskTracker;

use crate::docs;
use crate::engines::Stores;
use crate::services::{ServiceName, ServicesSettings};
use crate::settings::PaymentSettings;
use crate::simulator::{self, SimulatedProvider};

/// What the services are built with.
pub struct AppSettings {
    /// Auth's settings.
    pub auth: auth::Settings,
    /// Tickets' settings.
    pub tickets: tickets::Settings,
    /// Orders' settings.
    pub orders: orders::Settings,
    /// How money is taken.
    pub payments: PaymentSettings,
    /// Mail's settings.
    pub mail: mail::Settings,
    /// Delivery's settings.
    pub delivery: delivery::Settings,
    /// What their stores are opened from.
    pub stores: Stores,
    /// The address that visitors use, if it is another than that of this process.
    pub public_url: Option<String>,
    /// The address of this process, for simulated webhooks.
    pub address: SocketAddr,
}

/// The running services.
pub struct App {
    /// What runs them.
    pub host: Host,
    /// Their routes.
    pub routes: Router,
    /// The payment provider, if it is simulated.
    pub provider: Option<SimulatedProvider>,
}

impl App {
    /// Stops the services once they have finished what they are doing, and then what they call.
    pub async fn stop(self) {
        self.host.stop().await;
        if let Some(provider) = self.provider {
            provider.stop().await;
        }
    }
}

/// A platform for services of one process that share `bus`, verify sessions with `keys`, ask `peers`, and take as
/// many requests as `limits` allow.
pub fn platform(
    clock: Clock,
    bus: Arc<dyn Bus>,
    http: Arc<dyn HttpCalls>,
    cookie: SessionCookie,
    keys: Keys,
    peers: Peers,
    limits: LimitSettings,
) -> Platform {
    let sessions = SessionVerifier { cookie, keys, revoked: Revoked::default(), clock: clock.clone() };
    let (ids, limits, tasks) = (IdGenerator::random(), Arc::new(limits), TaskTracker::new());
    Platform { clock, ids, bus, http, peers, sessions, limits, tasks }
}

/// Starts all services on `host`.
///
/// # Errors
/// If one cannot start.
pub async fn start(mut host: Host, platform: &Platform, settings: AppSettings) -> anyhow::Result<App> {
    let stores = open_stores(&settings.stores).await?;
    let simulator_records = stores[&ServiceName::Payments].clone();
    let (payments, provider) = simulator::payment_settings(
        &settings.payments,
        platform,
        simulator_records,
        settings.address,
        settings.public_url.unwrap_or_else(|| format!("http://{}", simulator::reachable(settings.address))),
    )
    .await?;
    let services = ServicesSettings {
        auth: settings.auth,
        tickets: settings.tickets,
        orders: settings.orders,
        payments,
        mail: settings.mail,
        delivery: settings.delivery,
        ..ServicesSettings::default()
    };
    for name in ServiceName::ALL {
        host.add(name.definition(&services), stores[&name].clone()).await?;
    }
    platform.peers.serve(host.internal_routes());
    let routes = host.open().merge(docs::routes(platform.sessions.cookie.name()));
    Ok(App { host, routes, provider })
}

async fn open_stores(from: &Stores) -> anyhow::Result<HashMap<ServiceName, Arc<dyn RecordStore>>> {
    let mut stores = HashMap::new();
    for name in ServiceName::ALL {
        stores.insert(name, from.of(name.as_str()).await?);
    }
    Ok(stores)
}
