//! Payments without a Stripe account: the simulator, and the settings that point to it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use ports::store::RecordStore;
use runtime::Platform;
use runtime::http::with_layers;
use stripe_sim::{BANK_PATH, BankAddress, Simulator, SimulatorSettings, WebhookTarget};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::services::ServiceName;
use crate::settings::PaymentSettings;

/// A payment provider that runs in this process, until this is dropped.
pub struct SimulatedProvider {
    /// What answers.
    pub simulator: Simulator,
    running: DropGuard,
    serving: JoinHandle<()>,
}

impl SimulatedProvider {
    fn start(simulator: Simulator, listener: TcpListener) -> Self {
        let ended = CancellationToken::new();
        let serving = tokio::spawn({
            let (simulator, ended) = (simulator.clone(), ended.clone());
            async move { simulator.serve(listener, ended).await }
        });
        Self { simulator, running: ended.drop_guard(), serving }
    }

    /// Stops it, after everybody who may still be taking or returning money.
    pub async fn stop(self) {
        drop(self.running);
        if let Err(error) = self.serving.await {
            tracing::error!(%error, "simulated payments ended badly");
        }
    }
}

/// The payments service's settings. Without a Stripe key this starts the simulator, which keeps
/// its ledger in `records` and calls the webhook at `webhooks_to`. Banks send buyers back to `return_base`.
///
/// # Errors
/// If the simulator cannot start.
pub async fn payment_settings(
    settings: &PaymentSettings,
    platform: &Platform,
    records: Arc<dyn RecordStore>,
    webhooks_to: SocketAddr,
    return_base: String,
) -> anyhow::Result<(payments::Settings, Option<SimulatedProvider>)> {
    let (attempts, limits) = (settings.payment_attempts, settings.limits.rates());
    let base = payments::Settings { attempts, limits, return_base, ..payments::Settings::default() };
    if let (Some(key), Some(webhook_secret)) = (&settings.stripe_secret_key, &settings.stripe_webhook_secret) {
        let real = payments::Settings {
            stripe_secret_key: key.clone(),
            webhook_secret: webhook_secret.clone(),
            publishable_key: settings.stripe_publishable_key.clone(),
            stripe_api_base: settings.stripe_api_base.clone(),
            ..base
        };
        return Ok((real, None));
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.context("cannot listen for simulated payments")?;
    let stripe_api_base = Some(format!("http://{}", listener.local_addr()?).parse()?);
    let simulated = SimulatorSettings {
        // The webhook is public: it only accepts messages that are signed with this.
        webhook_secret: format!("whsec_{:032x}", rand::random::<u128>()),
        webhooks: Some(WebhookTarget {
            url: format!("http://{}/api/webhooks/stripe", reachable(webhooks_to)),
            http: platform.http.clone(),
        }),
        // On a phone the shop has another name than here, and so has the bank.
        bank: BankAddress::BesideReturnUrl { otherwise: format!("http://{}{BANK_PATH}", reachable(webhooks_to)) },
        ..SimulatorSettings::default()
    };
    let payments = payments::Settings {
        stripe_secret_key: simulated.secret_key.parse()?,
        webhook_secret: simulated.webhook_secret.parse()?,
        stripe_api_base,
        publishable_key: None,
        ..base
    };
    let simulator = Simulator::new(records, platform.clock.clone(), platform.ids.clone(), simulated).await?;
    Ok((payments, Some(SimulatedProvider::start(simulator, listener))))
}

/// The pages of the simulated bank, for the address that buyers know; nothing if payments are real.
pub fn bank_routes(provider: Option<&SimulatedProvider>, platform: &Platform) -> Router {
    let Some(provider) = provider else { return Router::new() };
    let pages =
        with_layers(provider.simulator.browser_routes(), ServiceName::Payments.as_str(), platform.tasks.clone());
    Router::new().nest(BANK_PATH, pages)
}

/// An address at which this process can call itself, even if it listens on all of them.
pub fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        IpAddr::V4(_) | IpAddr::V6(_) => address,
    }
}
