use std::sync::{Arc, OnceLock, Weak};

use runtime::session::Keys;
use server::services::ServicesSettings;
use stripe_sim::Simulator;

use super::engines::Engines;
use super::processes::Processes;
use crate::simulation::chance::Chance;
use crate::simulation::faults::Weather;
use crate::simulation::history::History;
use crate::simulation::plan::Plan;
use crate::simulation::planted::Planted;
use crate::simulation::remains::Remains;

/// The environment of all processes.
pub(in crate::simulation) struct Surroundings {
    pub(in crate::simulation) plan: Plan,
    pub(in crate::simulation) services: ServicesSettings,
    pub(in crate::simulation) history: History,
    pub(super) remains: Remains,
    pub(in crate::simulation) weather: Arc<Weather>,
    pub(in crate::simulation) planted: Planted,
    pub(in crate::simulation) engines: Arc<Engines>,
    /// Published by auth, and known to all: they do not change within a run.
    pub(in crate::simulation) keys: Keys,
    pub(in crate::simulation) chance: Chance,
    pub(super) stripe: OnceLock<Simulator>,
    /// Where services ask for orders' decisions.
    pub(super) orders: OnceLock<Weak<Processes>>,
    /// Where mail asks whom to write to.
    pub(super) auth: OnceLock<Weak<Processes>>,
}

impl Surroundings {
    /// Stripe.
    ///
    /// # Panics
    /// If it has not started: it does before any service.
    pub(super) fn stripe(&self) -> Simulator {
        self.stripe.get().expect("it starts first").clone()
    }
}
