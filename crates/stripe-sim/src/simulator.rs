use std::sync::Arc;

use axum::Router;
use common::id::IdGenerator;
use ports::clock::Clock;
use ports::store::{RecordStore, StoreError};
use runtime::outbox::Relay;
use runtime::store::Store;
use runtime::{ConnectionLimits, serve};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::api::Api;
use crate::bank_address::BankAddress;
use crate::faults::Faults;
use crate::idempotency::KeysInUse;
use crate::ledger::Ledger;
use crate::store::{COLLECTIONS, unfinished};
use crate::webhooks::WebhookTarget;
use crate::{bank, routes, webhooks};

/// The settings of the simulated account.
#[derive(Clone)]
pub struct SimulatorSettings {
    /// The key the merchant's server authenticates with.
    pub secret_key: String,
    /// The key pages create tokens with.
    pub publishable_key: String,
    /// What webhooks are signed with.
    pub webhook_secret: String,
    /// The webhook endpoint. Without it there are no webhooks.
    pub webhooks: Option<WebhookTarget>,
    /// Where buyers' browsers find the bank's pages.
    pub bank: BankAddress,
}

impl Default for SimulatorSettings {
    fn default() -> Self {
        Self {
            secret_key: "sk_test_simulated".into(),
            publishable_key: "pk_test_simulated".into(),
            webhook_secret: "whsec_simulated".into(),
            webhooks: None,
            bank: BankAddress::BesideReturnUrl { otherwise: "http://localhost/simulated-bank".into() },
        }
    }
}

/// A simulated Stripe account. Clones share it.
#[derive(Clone)]
pub struct Simulator {
    pub(crate) api: Api,
}

impl Simulator {
    /// Opens the account whose state is in `records`, creating it if needed.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn new(
        records: Arc<dyn RecordStore>,
        clock: Clock,
        ids: IdGenerator,
        settings: SimulatorSettings,
    ) -> Result<Self, StoreError> {
        records.prepare(COLLECTIONS).await?;
        let relay = Relay::unused("stripe");
        let api = Api {
            intents: Store::new(records.clone(), relay.clone(), clock.clone()),
            keys: Store::new(records.clone(), relay.clone(), clock.clone()),
            tokens: Store::new(records, relay, clock.clone()),
            clock,
            ids,
            settings: Arc::new(settings),
            faults: Faults::default(),
            keys_in_use: KeysInUse::default(),
            wake: Arc::new(Notify::new()),
        };
        Ok(Self { api })
    }

    /// Stripe's endpoints, under `/v1`.
    pub fn routes(&self) -> Router {
        routes::routes(self.api.clone())
    }

    /// The bank's pages, for the browsers of buyers. To be nested where [`SimulatorSettings::bank`] says.
    pub fn browser_routes(&self) -> Router {
        bank::routes(self.api.clone())
    }

    /// Serves HTTP on `listener` and delivers webhooks until `shutdown`.
    pub async fn serve(&self, listener: TcpListener, shutdown: CancellationToken) {
        let courier = self.deliver_webhooks(shutdown.clone());
        let server = serve(listener, self.routes(), ConnectionLimits::default(), shutdown);
        tokio::join!(server, courier);
    }

    /// Delivers webhooks until `shutdown`, for callers that serve [`Simulator::routes`] themselves.
    pub async fn deliver_webhooks(&self, shutdown: CancellationToken) {
        webhooks::deliver(self.api.clone(), shutdown).await;
    }

    /// The fault injection, for tests.
    pub fn faults(&self) -> Faults {
        self.api.faults.clone()
    }

    /// All simulated money.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn ledger(&self) -> Result<Ledger, StoreError> {
        Ledger::read(&self.api.intents).await
    }

    /// How many webhooks have not been delivered yet.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn pending_webhooks(&self) -> Result<usize, StoreError> {
        let waiting = self.api.intents.find(&unfinished()).await?;
        Ok(waiting.iter().map(|intent| intent.undelivered.len()).sum())
    }
}
