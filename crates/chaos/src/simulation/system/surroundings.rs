use std::sync::{Arc, OnceLock, Weak};

use axum::Router;
use runtime::session::Keys;
use server::services::ServicesSettings;

use super::bus_home::BusHome;
use super::process::Process;
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
    pub(in crate::simulation) bus: Arc<BusHome>,
    /// Published by auth, and known to all: they do not change within a run.
    pub(in crate::simulation) keys: Keys,
    pub(in crate::simulation) chance: Chance,
    /// Stripe's endpoints.
    pub(super) stripe: OnceLock<Router>,
    /// Where services ask for orders' decisions.
    pub(super) orders: OnceLock<Weak<Process>>,
}

impl Surroundings {
    /// Stripe, which starts before any service.
    pub(super) fn stripe(&self) -> Router {
        self.stripe.get().cloned().unwrap_or_default()
    }
}
