//! The simulated bank in a process of its own: what it costs is no part of a purchase.

use std::net::SocketAddr;
use std::sync::Arc;

use adapters::sqlite::SqliteStore;
use anyhow::{Context, Result};
use axum::routing::get;
use common::id::IdGenerator;
use ports::clock::Clock;
use runtime::outbound::Network;
use runtime::{ConnectionLimits, serve};
use stripe_sim::{Simulator, SimulatorSettings, WebhookTarget};
use testkit::process::{Program, Server};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Where its webhooks go.
const WEBHOOKS_TO: &str = "WEBHOOKS_TO";

/// Serves the payment provider's API at `LISTEN_ADDR` until killed. Its books are in memory.
///
/// # Errors
/// If it cannot listen there.
pub(crate) async fn serve_bank() -> Result<()> {
    let variable = |name| std::env::var(name).with_context(|| format!("{name} is not set"));
    let listener = TcpListener::bind(variable("LISTEN_ADDR")?.parse::<SocketAddr>()?).await?;
    let webhooks = WebhookTarget { url: variable(WEBHOOKS_TO)?, http: Arc::new(Network::new()?) };
    let account = SimulatorSettings { webhooks: Some(webhooks), ..SimulatorSettings::default() };
    let records = Arc::new(SqliteStore::in_memory()?);
    let simulator = Simulator::new(records, Clock::system(), IdGenerator::random(), account).await?;
    let routes = simulator.routes().route("/readyz", get(async || "ready"));
    let for_ever = CancellationToken::new();
    let courier = simulator.deliver_webhooks(for_ever.clone());
    tokio::join!(serve(listener, routes, ConnectionLimits::default(), for_ever), courier);
    Ok(())
}

/// The process, not running yet.
///
/// # Errors
/// If this program cannot be found.
pub(in crate::system) fn server() -> Result<Server> {
    Ok(Server::new(Program::new(std::env::current_exe()?).arg("--serve-bank")))
}

/// The product, with its account at this bank.
pub(in crate::system) fn used_by(product: Program, bank: &Server) -> Program {
    let account = SimulatorSettings::default();
    product
        .env("STRIPE_API_BASE", bank.url())
        .env("STRIPE_SECRET_KEY", account.secret_key)
        .env("STRIPE_PUBLISHABLE_KEY", account.publishable_key)
        .env("STRIPE_WEBHOOK_SECRET", account.webhook_secret)
}

/// Starts it, with webhooks to `payments`, and waits until it is ready.
pub(in crate::system) async fn open(bank: &mut Server, payments: SocketAddr) {
    bank.start_with(&[(WEBHOOKS_TO, &format!("http://{payments}/api/webhooks/stripe"))]);
    bank.until_ready().await;
}
