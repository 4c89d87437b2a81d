//! Tickets: what people sell. Owns the tickets, answers the list of those for sale, and locks,
//! frees and sells them as orders come and go.

mod domain;
mod error;
#[cfg(test)]
mod fuzz;
mod hot_pages;
mod listeners;
mod listing;
mod live;
mod routes;
mod state;
mod tasks;
#[cfg(test)]
mod testing;
mod ticket_store;

use ports::bus::Stream;
use ports::store::Collection;
use runtime::store::Aggregate;
use runtime::{Deps, Service};

use domain::{Order, Ticket};
use state::Tickets;

/// The service's name, and that of the stream its events are kept in.
pub const NAME: &str = "tickets";

/// What the service keeps in its database.
pub const COLLECTIONS: &[&Collection] = &[Ticket::COLLECTION, Order::COLLECTION];

/// What can be set about the service: nothing so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {}

/// The description of its HTTP API, whether or not it runs.
pub fn api() -> utoipa::openapi::OpenApi {
    routes::router().into_openapi()
}

/// The service, ready to be run.
pub fn service(deps: Deps, Settings {}: Settings) -> Service {
    let state = Tickets::new(&deps);
    Service {
        name: NAME,
        streams: vec![Stream { name: NAME, max_age: None }],
        listeners: vec![listeners::orders(&deps, &state)],
        tasks: vec![tasks::follow_changes(deps.platform.bus.clone(), &state)],
        routes: routes::router().with_state(state),
    }
}
