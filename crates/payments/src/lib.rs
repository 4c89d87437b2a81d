//! The payments service: takes the money for an order, once, and gives it back when the order
//! is cancelled.
//!
//! An order has one record here, its [`domain::Payment`], which decides everything: the record
//! is changed first, then Stripe is called, then what Stripe said is recorded ([`driver`]). What a
//! crash or a silence of Stripe interrupts, the [`reconciler`] finishes by asking Stripe. Before each
//! attempt orders is asked, so that a payment and the buyer's cancellation exclude each other.

mod attempt_limits;
mod domain;
mod driver;
mod erasure;
mod error;
#[cfg(test)]
mod fuzz;
mod listeners;
mod paced_calls;
mod reconciler;
mod routes;
mod settings;
mod state;
mod store;
mod stripe;
mod tasks;
#[cfg(test)]
mod testing;

pub use settings::{ApiBase, AttemptRates, InvalidSetting, PublishableKey, SecretKey, Settings, WebhookSecret};

use ports::bus::Stream;
use ports::store::Collection;
use runtime::erasure::{Erasure, Erasures};
use runtime::store::Stored;
use runtime::{Deps, Service, ServiceDefinition};
use utoipa_axum::router::OpenApiRouter;

use crate::domain::{Order, Payment, ReceivedEvent};
use crate::state::PaymentsState;

/// The service's name, and that of the stream its events are kept in.
const NAME: &str = "payments";

const COLLECTIONS: &[&Collection] =
    &[Order::COLLECTION, Payment::COLLECTION, ReceivedEvent::COLLECTION, Erasure::COLLECTION];

/// The service as a value.
pub fn definition(settings: Settings) -> ServiceDefinition {
    ServiceDefinition {
        name: NAME,
        collections: COLLECTIONS,
        api: routes::router().into_openapi(),
        build: Box::new(move |deps| build(&deps, settings)),
    }
}

fn build(deps: &Deps, settings: Settings) -> Service {
    let (state, erasures) = (PaymentsState::new(deps, settings), Erasures::new(deps));
    Service {
        internal: OpenApiRouter::new(),
        listeners: [listeners::all(&state), vec![erasures.listener(NAME)]].concat(),
        tasks: tasks::all(&state, &erasures),
        routes: routes::router().with_state(state),
        streams: vec![Stream::new(NAME)],
    }
}
