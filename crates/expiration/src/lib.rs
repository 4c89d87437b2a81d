//! Expiration: remembers when each order is due, and says so when it is.

mod domain;
mod listeners;
mod state;
mod store;
mod tasks;
#[cfg(test)]
mod testing;

use std::time::Duration;

use ports::bus::Stream;
use ports::store::Collection;
use runtime::store::Stored;
use runtime::{Deps, Service, ServiceDefinition};
use utoipa_axum::router::OpenApiRouter;

use crate::domain::Schedule;
use crate::state::ExpirationState;

/// The name of the service, and of the stream its events are kept in.
const NAME: &str = "expiration";

const COLLECTIONS: &[&Collection] = &[Schedule::COLLECTION];

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

/// The service as a value.
pub fn definition(settings: Settings) -> ServiceDefinition {
    ServiceDefinition {
        name: NAME,
        collections: COLLECTIONS,
        api: OpenApiRouter::<()>::new().into_openapi(),
        build: Box::new(move |deps| build(&deps, settings)),
    }
}

fn build(deps: &Deps, settings: Settings) -> Service {
    let state = ExpirationState::new(deps, settings);
    Service {
        internal: OpenApiRouter::new(),
        routes: OpenApiRouter::new(),
        streams: vec![Stream::new(NAME)],
        listeners: listeners::all(&state),
        tasks: tasks::all(&state),
    }
}
