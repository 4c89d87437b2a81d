//! All five services in one process.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use common::id::IdGenerator;
use ports::bus::Bus;
use ports::clock::Clock;
use runtime::session::{Keys, Revoked, SessionCookie, SessionVerifier};
use runtime::{Host, Platform};
use stripe_sim::Simulator;
use tokio_util::task::TaskTracker;

use crate::docs;
use crate::engines::{Stores, open_store};
use crate::settings::{OrderSettings, PaymentSettings};
use crate::simulator;

/// What the services are made with.
pub struct AppSettings {
    /// Auth's settings.
    pub auth: auth::Settings,
    /// How long tickets are reserved.
    pub orders: OrderSettings,
    /// How money is taken.
    pub payments: PaymentSettings,
    /// Where the databases are.
    pub stores: Stores,
    /// How long to wait for a database.
    pub patience: Duration,
    /// Where this process answers, for simulated webhooks.
    pub address: SocketAddr,
}

/// The running services.
pub struct App {
    /// What runs them.
    pub host: Host,
    /// What they answer.
    pub routes: Router,
    /// What takes the money, if that is simulated.
    pub simulator: Option<Simulator>,
}

/// A platform for services of one process that share `bus` and verify sessions with `keys`.
pub fn platform(clock: Clock, bus: Arc<dyn Bus>, cookie: SessionCookie, keys: Keys) -> Platform {
    let sessions = SessionVerifier { cookie, keys, revoked: Revoked::default(), clock: clock.clone() };
    Platform { clock, ids: IdGenerator::random(), bus, sessions, tasks: TaskTracker::new() }
}

/// Starts all five services on `host`.
///
/// # Errors
/// If one cannot start.
pub async fn start(mut host: Host, platform: &Platform, settings: AppSettings) -> anyhow::Result<App> {
    let open = |service| open_store(&settings.stores, service, settings.patience);
    host.add(auth::NAME, open(auth::NAME).await?, auth::COLLECTIONS, |deps| auth::service(deps, settings.auth)).await?;
    host.add(tickets::NAME, open(tickets::NAME).await?, tickets::COLLECTIONS, |deps| {
        tickets::service(deps, tickets::Settings::default())
    })
    .await?;
    host.add(orders::NAME, open(orders::NAME).await?, orders::COLLECTIONS, |deps| {
        orders::service(deps, settings.orders.orders())
    })
    .await?;
    host.add(expiration::NAME, open(expiration::NAME).await?, expiration::COLLECTIONS, |deps| {
        expiration::service(deps, expiration::Settings::default())
    })
    .await?;
    let records = open(payments::NAME).await?;
    let (payment_settings, simulator) = simulator::payment_settings(
        &settings.payments,
        platform,
        records.clone(),
        settings.address,
        host.shutdown_token(),
    )
    .await?;
    host.add(payments::NAME, records, payments::COLLECTIONS, |deps| payments::service(deps, payment_settings)).await?;
    let routes = host.open().merge(docs::routes(platform.sessions.cookie.name()));
    Ok(App { host, routes, simulator })
}
