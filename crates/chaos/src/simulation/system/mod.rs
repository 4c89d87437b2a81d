//! The whole system: seven services, each as in a process of its own, or in two, the bus between them, their
//! databases, and Stripe. All in one thread.

mod engines;
mod life;
mod process;
mod processes;
mod recording;
mod services;
mod surroundings;

pub(super) use engines::Engines;
pub(super) use life::{Held, Life};
pub(super) use process::Process;
pub(super) use processes::Processes;
pub(super) use surroundings::Surroundings;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use adapters::sqlite::SqliteStore;
use anyhow::Result;
use common::id::IdGenerator;
use common::time::Timestamp;
use ports::clock::Clock;
use ports::store::{Condition, Query, RecordStore};
use runtime::session::Keys;
use server::services::ServiceName;
use stripe_sim::{LedgerIntent, Simulator, SimulatorSettings, WebhookTarget};
use tokio_util::sync::CancellationToken;

use super::chance::Chance;
use super::faults::{MailServer, TroubledWebhooks, Weather};
use super::history::{History, HistoryEvent};
use super::party::Actor;
use super::plan::Plan;
use super::planted::Planted;
use super::remains::Remains;
use crate::services::collection;
use recording::RecordingStore;

/// When every run begins.
pub(super) const BEGINNING: i64 = 1_795_348_800_000;
/// Where Stripe sends webhooks.
const WEBHOOKS: &str = "http://payments/api/webhooks/stripe";
/// The polling interval.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// What is due after so long is not waited for: it is due hours later.
const DUE_SOON: Duration = Duration::from_secs(600);
/// How long the system may take to become idle after the faults.
const PATIENCE: Duration = Duration::from_secs(1_200);

/// See the module's description.
pub(super) struct System {
    pub(super) around: Arc<Surroundings>,
    pub(super) simulator: Simulator,
    services: BTreeMap<ServiceName, Arc<Processes>>,
}

impl System {
    /// Starts everything, without faults.
    pub(super) async fn start(
        plan: Plan,
        planted: Planted,
        chance: &Chance,
        history: History,
        remains: Remains,
    ) -> Result<Self> {
        let true_clock = || Clock::running(history.began(), Timestamp::from_millis(BEGINNING));
        let weather = Arc::new(Weather::new(plan.rates.clone(), chance.fork()));
        let mail_server = MailServer { weather: weather.clone(), history: history.clone() };
        let around = Arc::new(Surroundings {
            services: services::settings(&plan, mail_server),
            engines: Arc::new(Engines::new(plan.is_one_database, true_clock(), remains.clone())?),
            plan,
            planted,
            history: history.clone(),
            remains: remains.clone(),
            weather: weather.clone(),
            keys: Keys::shared(),
            chance: chance.fork(),
            stripe: OnceLock::new(),
            orders: OnceLock::new(),
            auth: OnceLock::new(),
        });
        remains.watch("the surroundings", &around);
        let processes = |service| (service, Arc::new(Processes::new(service, true_clock, &around)));
        let services = BTreeMap::from(ServiceName::ALL.map(processes));
        let _ = around.orders.set(Arc::downgrade(&services[&ServiceName::Orders]));
        let _ = around.auth.set(Arc::downgrade(&services[&ServiceName::Auth]));
        let books = Arc::new(SqliteStore::in_memory()?);
        remains.watch("the database of Stripe", &books);
        let books = Arc::new(RecordingStore::new(books, Actor::Stripe, history.clone()));
        let payments = Arc::downgrade(&services[&ServiceName::Payments]);
        let is_deaf = around.plan.is_deaf;
        let webhooks = TroubledWebhooks { payments, is_deaf, weather, history: history.clone() };
        let settings = SimulatorSettings {
            webhooks: Some(WebhookTarget { url: WEBHOOKS.into(), http: Arc::new(webhooks) }),
            ..SimulatorSettings::default()
        };
        let simulator = Simulator::new(books, true_clock(), IdGenerator::seeded(chance.number()), settings).await?;
        let _ = around.stripe.set(simulator.clone());
        let courier = simulator.clone();
        tokio::spawn(async move { courier.deliver_webhooks(CancellationToken::new()).await });
        let system = Self { around, simulator, services };
        for process in system.processes() {
            tokio::spawn(process.clone().keep());
        }
        system.ready().await;
        Ok(system)
    }

    pub(super) fn service(&self, service: ServiceName) -> &Processes {
        &self.services[&service]
    }

    /// The processes of all services.
    pub(super) fn processes(&self) -> impl Iterator<Item = &Arc<Process>> {
        self.services.values().flat_map(|processes| processes.all())
    }

    /// Returns when every process is up and ready.
    pub(super) async fn ready(&self) {
        while !self.processes().all(|process| process.is_ready()) {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Everything crashes at once. After a while the bus is restarted, and one by one the processes.
    pub(super) async fn cut_power(&self) -> Result<()> {
        self.around.history.note(HistoryEvent::PowerCut);
        for process in self.processes() {
            process.kill("as the power is cut");
        }
        self.around.engines.kill();
        tokio::time::sleep(self.around.chance.millis(10..=2_000)).await;
        self.around.engines.start()?;
        Ok(())
    }

    /// Sets the clock of a process wrong, by so many milliseconds.
    pub(super) fn set_clock(&self, process: &Process, skew: i64) {
        self.around.history.note(HistoryEvent::ClockSet { process: process.name, skew });
        process.clock.set_skew(skew);
    }

    /// No more faults from now on.
    pub(super) fn heal(&self) {
        self.around.weather.clear_up();
        for process in self.processes() {
            process.clock.set_skew(0);
        }
        self.around.history.note(HistoryEvent::Healed);
    }

    /// Returns when the system is idle: every event published and processed, every webhook delivered, every
    /// payment finished, every reservation over. False if it does not become idle.
    pub(super) async fn settle(&self) -> bool {
        let settled = async {
            while !self.is_settled().await {
                tokio::time::sleep(LOOK_EVERY * 2).await;
            }
        };
        let has_settled = tokio::time::timeout(PATIENCE, settled).await.is_ok();
        if has_settled {
            self.around.history.note(HistoryEvent::Settled);
        }
        has_settled
    }

    async fn is_settled(&self) -> bool {
        if !self.processes().all(|process| process.is_ready()) || self.has_open_ends().await {
            return false;
        }
        if self.simulator.pending_webhooks().await.unwrap_or(1) > 0 || self.banks_are_busy().await {
            return false;
        }
        for process in self.processes() {
            if !process.is_idle().await {
                return false;
            }
        }
        true
    }

    /// Whether a bank has not decided about a payment, or a refund has not arrived.
    async fn banks_are_busy(&self) -> bool {
        let is_open = |intent: &LedgerIntent| intent.status == "processing" || intent.refunding() > 0;
        self.simulator.ledger().await.map_or(true, |ledger| ledger.intents.iter().any(is_open))
    }

    /// Whether something is scheduled.
    async fn has_open_ends(&self) -> bool {
        let unpaid = vec![Condition::OneOf("status", vec!["created".into(), "awaiting:payment".into()])];
        let scheduled = vec![Condition::Equals("state", "scheduled".into())];
        let unfinished = ["authorizing", "awaitingBuyer", "capturing", "voiding", "refunding", "refundPending"];
        let unfinished = vec![Condition::OneOf("state.name", unfinished.map(|name| name.into()).to_vec())];
        let being_changed = vec![Condition::Equals("change.state", "begun".into())];
        let being_sealed = vec![Condition::Equals("sealing.state", "ready".into())];
        let soon = Timestamp::from_millis(BEGINNING) + DUE_SOON;
        let awaited =
            vec![Condition::Equals("awaited", "until".into()), Condition::AtMost("dueAt", soon.to_string().into())];
        self.has_any(ServiceName::Orders, "orders", unpaid).await
            || self.has_any(ServiceName::Tickets, "tickets", being_changed).await
            || self.has_any(ServiceName::Tickets, "tickets", being_sealed).await
            || self.has_any(ServiceName::Delivery, "handovers", awaited).await
            || self.has_any(ServiceName::Expiration, "schedules", scheduled).await
            || self.has_any(ServiceName::Payments, "payments", unfinished).await
    }

    async fn has_any(&self, service: ServiceName, name: &str, which: Vec<Condition>) -> bool {
        let query = Query { limit: Some(1), ..Query::all(which) };
        self.store(service).find(collection(service, name), &query).await.is_ok_and(|found| !found.is_empty())
    }

    /// A service's database, without faults.
    pub(super) fn store(&self, service: ServiceName) -> Arc<SqliteStore> {
        self.around.engines.store(service)
    }
}
