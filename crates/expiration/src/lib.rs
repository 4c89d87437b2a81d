//! Expiration: remembers when each order is due, and says so when it is.

mod domain;
mod listeners;
mod schedules;
mod tasks;
#[cfg(test)]
mod testing;

use std::time::Duration;

use ports::bus::Stream;
use ports::store::Collection;
use runtime::store::Aggregate;
use runtime::{Deps, Service};
use utoipa_axum::router::OpenApiRouter;

use crate::domain::Schedule;
use crate::schedules::Schedules;

/// The service's name, and that of the stream it owns.
pub const NAME: &str = "expiration";

/// What it stores.
pub const COLLECTIONS: &[&Collection] = &[Schedule::COLLECTION];

/// What can be set from outside.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How often the store is searched for what is due, in real time, whatever the timer in
    /// memory knows.
    pub poll_every: Duration,
    /// How long finished schedules are kept.
    pub keep_finished: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { poll_every: Duration::from_millis(500), keep_finished: Duration::from_secs(24 * 60 * 60) }
    }
}

/// The service, ready to be run.
pub fn service(deps: Deps, settings: Settings) -> Service {
    let schedules = Schedules::new(&deps, settings);
    Service {
        name: NAME,
        routes: OpenApiRouter::new(),
        streams: vec![Stream { name: NAME, max_age: None }],
        listeners: listeners::all(&schedules),
        tasks: tasks::all(schedules),
    }
}
