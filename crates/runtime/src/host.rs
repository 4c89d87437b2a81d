use std::sync::Arc;
use std::time::Duration;

use axum::response::IntoResponse;
use axum::{Extension, Router, middleware};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_http::csrf::CsrfLayer;

use super::deps::{Deps, Platform};
use super::gauges::Gauges;
use super::health::Readiness;
use super::service::{Service, ServiceDefinition};
use crate::http::{ApiError, Exchange, Idempotency, act_once, is_webhook, with_layers, with_trailing_slashes};
use crate::limits::{MutationLimits, SharedBucket, limit_mutations};
use crate::measured::{MeasuredBus, MeasuredStore};
use crate::outbox::{Relay, RelayTask};
use crate::session::follow_revocations;
use crate::store::Stored;
use common::time::Timestamp;
use ports::bus::{Bus, BusError, Consumer};
use ports::store::{Collection, RecordStore, StoreError};

/// How long background work may take to finish its current step after the shutdown has begun.
const STOP_TIMEOUT: Duration = Duration::from_secs(20);
/// How often it is checked that the stores and the bus still respond.
const CHECK_EVERY: Duration = Duration::from_secs(1);

/// How long listeners may take to join before the process does without them: mail must not keep anybody from buying.
const JOIN_PATIENCE: Duration = Duration::from_secs(10);

/// What is kept beside a service's own collections, in each of their databases.
const OF_EVERY_SERVICE: [&Collection; 2] = [Exchange::COLLECTION, SharedBucket::COLLECTION];

/// Where one service keeps its aggregates and its outbox.
#[derive(Clone)]
pub(super) struct Database {
    pub(super) service: &'static str,
    pub(super) records: Arc<dyn RecordStore>,
    pub(super) collections: &'static [&'static Collection],
}

/// Why services could not be started.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// A database is not usable.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bus is not usable.
    #[error(transparent)]
    Bus(#[from] BusError),
}

/// The services of one process, and everything that runs behind them.
pub struct Host {
    platform: Platform,
    readiness: Readiness,
    shutdown: CancellationToken,
    background: TaskTracker,
    /// The listeners whose consumers may not be there yet.
    joining: TaskTracker,
    relaying: TaskTracker,
    stop_relaying: CancellationToken,
    routes: Router,
    internal: Router,
    databases: Vec<Database>,
    relays: Vec<Relay>,
    consumers: Vec<Consumer>,
}

impl Host {
    /// A host without services yet.
    pub fn new(platform: Platform) -> Self {
        let bus: Arc<dyn Bus> = Arc::new(MeasuredBus(platform.bus));
        Self {
            platform: Platform { bus, ..platform },
            readiness: Readiness::default(),
            shutdown: CancellationToken::new(),
            background: TaskTracker::new(),
            joining: TaskTracker::new(),
            relaying: TaskTracker::new(),
            stop_relaying: CancellationToken::new(),
            routes: Router::new(),
            internal: Router::new(),
            databases: Vec::new(),
            relays: Vec::new(),
            consumers: Vec::new(),
        }
    }

    /// A host without services yet, with a readiness that is already served.
    pub fn reporting_to(readiness: Readiness, platform: Platform) -> Self {
        Self { readiness, ..Self::new(platform) }
    }

    /// Prepares a service's database, builds the service, and starts its work.
    ///
    /// # Errors
    /// If its database or the bus is not usable.
    pub async fn add(&mut self, definition: ServiceDefinition, records: Arc<dyn RecordStore>) -> Result<(), HostError> {
        let ServiceDefinition { name, collections, api: _, build } = definition;
        let records: Arc<dyn RecordStore> = Arc::new(MeasuredStore::new(name, records));
        records.prepare(&[collections, &OF_EVERY_SERVICE].concat()).await?;
        let (deps, relay_task) = Deps::new(name, self.platform.clone(), records.clone(), collections);
        let (relay, idempotency, sharing) = (deps.relay.clone(), deps.idempotency(), deps.sharing());
        let limits = MutationLimits::new(name, deps.limits.clone(), self.platform.limits.clone());
        let mut service = build(deps);
        service.tasks.push(idempotency.clone().forgetting());
        if self.platform.limits.is_on {
            sharing.load().await?;
            service.tasks.push(sharing.task());
        }
        for stream in &service.streams {
            self.platform.bus.declare(stream).await?;
        }
        self.databases.push(Database { service: name, records, collections });
        self.relays.push(relay);
        self.start(name, service, relay_task, (limits, idempotency));
        Ok(())
    }

    fn start(
        &mut self,
        name: &'static str,
        service: Service,
        relay_task: Option<RelayTask>,
        (limits, idempotency): (MutationLimits, Idempotency),
    ) {
        if let Some(relay_task) = relay_task {
            self.relaying.spawn(relay_task.run(self.stop_relaying.clone()));
        }
        for listener in service.listeners {
            self.consumers.push(listener.consumer());
            let joining = self.joining.token();
            self.background.spawn(listener.run(self.platform.bus.clone(), joining, self.shutdown.clone()));
        }
        for task in service.tasks {
            tracing::debug!(service = name, task = task.name, "starting");
            self.background.spawn((task.run)(self.shutdown.clone()));
        }
        let routes = Router::from(service.routes)
            .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
            .layer((
                // A browser sends the session also with what a page of another site makes it ask for.
                CsrfLayer::new()
                    .with_insecure_bypass(|_, uri| is_webhook(uri))
                    .with_rejection_response(|_| ApiError::cross_site().into_response()),
                Extension(self.platform.sessions.clone()),
                middleware::from_fn_with_state(limits, limit_mutations),
                middleware::from_fn_with_state(idempotency, act_once),
            ));
        self.merge_routes(with_layers(routes, name, self.platform.tasks.clone()));
        let internal = with_layers(Router::from(service.internal), name, self.platform.tasks.clone());
        self.internal = std::mem::take(&mut self.internal).merge(internal);
    }

    fn merge_routes(&mut self, routes: Router) {
        self.routes = std::mem::take(&mut self.routes).merge(routes);
    }

    /// The routes of all services with their layers. Begins to follow session revocations, to check
    /// readiness and to measure backlogs.
    pub fn open(&mut self) -> Router {
        let (loaded, is_loaded) = watch::channel(false);
        let Platform { bus, sessions, clock, .. } = self.platform.clone();
        self.background.spawn(follow_revocations(bus, sessions.revoked.clone(), clock, loaded, self.shutdown.clone()));
        self.background.spawn(self.monitor(is_loaded));
        self.background.spawn(self.gauges().run(self.shutdown.clone()));
        let unmatched = Router::new().fallback(|| async { ApiError::not_found() });
        let unmatched = with_layers(unmatched, "unmatched", self.platform.tasks.clone());
        with_trailing_slashes(std::mem::take(&mut self.routes), unmatched)
    }

    /// The routes by which services ask each other. They must not be reachable from outside.
    pub fn internal_routes(&self) -> Router {
        self.internal.clone()
    }

    fn gauges(&self) -> Gauges {
        let Platform { bus, clock, .. } = self.platform.clone();
        Gauges { bus, clock, consumers: self.consumers.clone(), databases: self.databases.clone() }
    }

    fn monitor(&self, revocations_loaded: watch::Receiver<bool>) -> impl Future<Output = ()> + use<> {
        let (platform, stores) =
            (self.platform.clone(), self.databases.iter().map(|database| database.records.clone()).collect::<Vec<_>>());
        let (readiness, joining, shutdown) = (self.readiness.clone(), self.joining.clone(), self.shutdown.clone());
        async move {
            let mut join_by = None;
            while !shutdown.is_cancelled() {
                let are_loaded = *revocations_loaded.borrow();
                let pause = match missing(&platform, &stores, are_loaded).await {
                    // What happens before would not be news to them, and nobody would be told of it.
                    None if !joining.is_empty()
                        && Instant::now() < *join_by.get_or_insert_with(|| Instant::now() + JOIN_PATIENCE) =>
                    {
                        readiness.not_ready("some listeners are not there yet");
                        CHECK_EVERY / 50
                    }
                    None => {
                        readiness.ready();
                        CHECK_EVERY
                    }
                    Some(reason) => {
                        readiness.not_ready(reason);
                        CHECK_EVERY / 50
                    }
                };
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = shutdown.cancelled() => {}
                }
            }
            readiness.not_ready("shutting down");
        }
    }

    /// Whether the process can do its work.
    pub fn readiness(&self) -> Readiness {
        self.readiness.clone()
    }

    /// Cancel it to begin the shutdown: the process becomes not ready, listeners and background work
    /// finish what is in progress, live streams close. [`Host::stop`] then waits for all of it.
    pub fn shutdown_token(&self) -> CancellationToken {
        self.shutdown.clone()
    }

    /// The database of a service that runs here.
    pub fn records(&self, service: &str) -> Option<Arc<dyn RecordStore>> {
        self.databases.iter().find(|database| database.service == service).map(|database| database.records.clone())
    }

    /// All that is in the database of a service that runs here.
    pub fn collections(&self, service: &str) -> Vec<&'static Collection> {
        let database = self.databases.iter().find(|database| database.service == service);
        database.map(|database| [database.collections, &OF_EVERY_SERVICE].concat()).unwrap_or_default()
    }

    /// The durable consumers that run here.
    pub fn consumers(&self) -> &[Consumer] {
        &self.consumers
    }

    /// Whether nothing is in progress: no mutation, no event that waits to be published, none that
    /// waits to be processed.
    ///
    /// # Errors
    /// If a database or the bus does not respond.
    pub async fn is_idle(&self) -> Result<bool, HostError> {
        let sent_before = self.events_sent();
        let was_quiet = self.has_nothing_in_progress()
            && self.has_processed_everything().await?
            && self.has_published_everything().await?;
        // An event that was processed meanwhile may have caused another where we had already checked.
        Ok(was_quiet && self.has_nothing_in_progress() && self.events_sent() == sent_before)
    }

    fn events_sent(&self) -> usize {
        self.relays.iter().map(Relay::sent).sum()
    }

    fn has_nothing_in_progress(&self) -> bool {
        self.platform.tasks.is_empty() && self.relays.iter().all(Relay::is_idle)
    }

    async fn has_processed_everything(&self) -> Result<bool, BusError> {
        for consumer in &self.consumers {
            match self.platform.bus.backlog(consumer).await {
                Ok(backlog) if backlog.is_empty() => {}
                Ok(_) | Err(BusError::NoStream(_)) => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    async fn has_published_everything(&self) -> Result<bool, StoreError> {
        for database in &self.databases {
            for collection in database.collections {
                if !database.records.unpublished(collection, Timestamp::MAX, 1).await?.is_empty() {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Stops everything: mutations in flight and the current messages are finished, and their events
    /// published. Call it when no requests come in any more.
    pub async fn stop(self) {
        self.shutdown.cancel();
        self.platform.tasks.close();
        self.background.close();
        self.relaying.close();
        let end = async {
            self.platform.tasks.wait().await;
            self.background.wait().await;
            // Last, because what is finished before may have caused events.
            self.stop_relaying.cancel();
            self.relaying.wait().await;
        };
        if tokio::time::timeout(STOP_TIMEOUT, end).await.is_err() {
            tracing::warn!("background work was still going on when the time to stop was over");
        }
        self.platform.peers.end();
        futures::future::join_all(self.databases.iter().map(|database| database.records.close())).await;
    }
}

async fn missing(platform: &Platform, stores: &[Arc<dyn RecordStore>], revocations_loaded: bool) -> Option<String> {
    for store in stores {
        if let Err(error) = store.ping().await {
            return Some(error.to_string());
        }
    }
    if let Err(error) = platform.bus.ping().await {
        return Some(error.to_string());
    }
    if !platform.sessions.keys.is_ready() {
        platform.sessions.keys.refresh().await;
        if !platform.sessions.keys.is_ready() {
            return Some("the session keys are not known yet".into());
        }
    }
    if !revocations_loaded {
        return Some("the ended sessions are not loaded yet".into());
    }
    None
}
