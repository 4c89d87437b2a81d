//! Orders: who holds which ticket, until when, and how that ended.

mod domain;
mod error;
#[cfg(test)]
mod fuzz;
mod holders;
mod listeners;
mod replica;
mod routes;
mod state;
#[cfg(test)]
mod testing;

use std::time::Duration;

use ports::bus::Stream;
use ports::store::Collection;
use runtime::store::Aggregate;
use runtime::{Deps, Service};

use crate::domain::{Order, Ticket};
use crate::state::Orders;

/// The service's name, and that of the stream it owns.
pub const NAME: &str = "orders";

/// What it stores.
pub const COLLECTIONS: &[&Collection] = &[Order::COLLECTION, Ticket::COLLECTION];

/// What can be set from outside.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long a buyer has to pay.
    pub reservation: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { reservation: Duration::from_secs(15 * 60) }
    }
}

/// The description of its HTTP API, whether or not it runs.
pub fn api() -> utoipa::openapi::OpenApi {
    routes::router().into_openapi()
}

/// The service, ready to be run.
pub fn service(deps: Deps, settings: Settings) -> Service {
    let orders = Orders::new(&deps, settings);
    Service {
        name: NAME,
        listeners: listeners::all(&orders),
        routes: routes::router().with_state(orders),
        streams: vec![Stream { name: NAME, max_age: None }],
        tasks: Vec::new(),
    }
}
