use std::sync::Arc;

use tokio_util::task::TaskTracker;

use crate::http::Idempotency;
use crate::limits::{LimitSettings, Limits, Sharing};
use crate::outbound::HttpCalls;
use crate::outbox::{self, Relay, RelayTask};
use crate::peers::Peers;
use crate::session::SessionVerifier;
use crate::store::{Store, Stored};
use common::id::IdGenerator;
use ports::bus::Bus;
use ports::clock::Clock;
use ports::store::{Collection, RecordStore};

/// What all services of a process share.
#[derive(Clone)]
pub struct Platform {
    /// The time.
    pub clock: Clock,
    /// New ids.
    pub ids: IdGenerator,
    /// The bus.
    pub bus: Arc<dyn Bus>,
    /// Calls of other servers.
    pub http: Arc<dyn HttpCalls>,
    /// Questions to other services.
    pub peers: Peers,
    /// Verifies who sends a request.
    pub sessions: SessionVerifier,
    /// How often requests that change something may come.
    pub limits: Arc<LimitSettings>,
    /// Work that must be finished before the process ends.
    pub tasks: TaskTracker,
}

/// What one service is built with.
#[derive(Clone)]
pub struct Deps {
    /// What it shares with others in the process.
    pub platform: Platform,
    /// Its own database.
    pub records: Arc<dyn RecordStore>,
    /// Takes its events to the bus.
    pub relay: Relay,
    /// What is counted of its users and their addresses, together with its other replicas.
    pub limits: Limits,
}

impl Deps {
    /// The dependencies of the service `name`, whose aggregates are in `collections`, and the task
    /// that takes its events to the bus, unless its store publishes them itself.
    pub fn new(
        name: &'static str,
        platform: Platform,
        records: Arc<dyn RecordStore>,
        collections: &'static [&'static Collection],
    ) -> (Self, Option<RelayTask>) {
        let (relay, task) = if records.publishes() {
            (Relay::unused(name), None)
        } else {
            let (bus, clock) = (platform.bus.clone(), platform.clock.clone());
            let (relay, task) = outbox::relay(name, records.clone(), bus, clock, collections);
            (relay, Some(task))
        };
        let limits = Limits::new(platform.clock.clone(), platform.limits.is_on);
        (Self { platform, records, relay, limits }, task)
    }

    /// The service's store of `A`.
    pub fn store<A: Stored>(&self) -> Store<A> {
        Store::new(self.records.clone(), self.relay.clone(), self.platform.clock.clone())
    }

    /// What makes the replicas know of each other's [`Deps::limits`].
    pub(crate) fn sharing(&self) -> Sharing {
        Sharing::new(self.limits.clone(), self.store())
    }

    /// The answers that the service keeps.
    pub(crate) fn idempotency(&self) -> Idempotency {
        let Platform { ids, clock, .. } = self.platform.clone();
        Idempotency { exchanges: self.store(), ids, clock }
    }
}
