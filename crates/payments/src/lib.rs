//! The payments service: takes the money for an order, once, and gives it back when the order
//! is cancelled.
//!
//! An order has one record here, its [`domain::Payment`], which decides everything: the record
//! is changed first, then Stripe is called, then what Stripe answered is recorded. What a crash
//! or a silence of Stripe interrupts, the reconciler finishes by asking Stripe how it stands.

pub mod domain;
mod error;
#[cfg(test)]
mod fuzz;
mod listeners;
mod process;
mod routes;
mod settings;
mod stripe;
mod tasks;

pub use settings::{ApiBase, InvalidSetting, SecretKey, Settings, WebhookSecret};

use ports::bus::Stream;
use ports::store::Collection;
use runtime::store::Aggregate;
use runtime::{Deps, Service};

use crate::domain::{Order, Payment, ReceivedEvent};
use crate::process::Payments;

/// The service's name, and that of the stream it owns.
pub const NAME: &str = "payments";

/// Where it keeps its state.
pub const COLLECTIONS: &[&Collection] = &[Order::COLLECTION, Payment::COLLECTION, ReceivedEvent::COLLECTION];

/// The description of its HTTP API, whether or not it runs.
pub fn api() -> utoipa::openapi::OpenApi {
    routes::router().into_openapi()
}

/// The service, ready to be run.
pub fn service(deps: Deps, settings: Settings) -> Service {
    let payments = Payments::new(&deps, settings);
    Service {
        name: NAME,
        routes: routes::router().with_state(payments.clone()),
        streams: vec![Stream { name: NAME, max_age: None }],
        listeners: listeners::listeners(&payments),
        tasks: tasks::tasks(&payments),
    }
}
