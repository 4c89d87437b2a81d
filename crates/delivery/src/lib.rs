//! Delivery: how a ticket comes from its seller to its buyer, who may see it when, and what becomes of a promise that is
//! not kept.
//!
//! What sellers give us is kept encrypted in an object store, and parsed in processes of their own. It is released to a
//! buyer once their order is paid, and then nobody else can see it.

pub mod barcodes;
mod claims;
mod domain;
mod error;
pub mod files;
#[cfg(test)]
mod fuzz;
mod handing_over;
pub mod inspection;
mod inspection_turns;
mod intake;
mod issuing;
mod key_check;
mod key_ring;
mod listeners;
mod routes;
pub mod sealing;
#[cfg(test)]
mod service_testing;
mod settings;
mod state;
pub mod storage;
mod store;
mod tasks;
#[cfg(test)]
mod testing;
mod ticket_keys;
pub mod vault;
pub mod worker;

use ports::bus::Stream;
use ports::store::Collection;
use runtime::erasure::{Erasure, Erasures};
use runtime::store::Stored;
use runtime::{Deps, Service, ServiceDefinition};

pub use key_ring::{InvalidKeyRing, KeyRing};
pub use settings::Settings;
pub use ticket_keys::{InvalidTicketKeys, TicketKeys};

use crate::domain::{Admission, CodeClaim, Handover, KeyMark, LooseFile, Organisers, Place};
use crate::state::DeliveryState;

/// The name of the service.
const NAME: &str = "delivery";
/// The stream its events are kept in.
const STREAM: &str = "deliveries";

const COLLECTIONS: &[&Collection] = &[
    Admission::COLLECTION,
    Handover::COLLECTION,
    CodeClaim::COLLECTION,
    KeyMark::COLLECTION,
    LooseFile::COLLECTION,
    Organisers::COLLECTION,
    Place::COLLECTION,
    Erasure::COLLECTION,
];

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
    let (state, erasures) = (DeliveryState::new(deps, settings), Erasures::new(deps));
    Service {
        internal: routes::internal().with_state(state.clone()),
        streams: vec![Stream::new(STREAM)],
        listeners: [listeners::all(&state), vec![erasures.listener(NAME)]].concat(),
        tasks: tasks::all(&state, &erasures),
        routes: routes::router().with_state(state),
    }
}
