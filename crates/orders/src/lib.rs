//! Orders: who holds which ticket, until when, and how that ended.

mod budget;
mod domain;
mod erasure;
mod error;
#[cfg(test)]
mod fuzz;
mod holders;
mod listeners;
mod quota;
mod reservation;
mod routes;
mod state;
mod store;
#[cfg(test)]
mod testing;

use std::time::Duration;

use ports::bus::Stream;
use ports::store::Collection;
use runtime::erasure::{Erasure, Erasures};
use runtime::limits::Rate;
use runtime::store::Stored;
use runtime::{Deps, Service, ServiceDefinition};

use crate::domain::{CancelledEvent, Order, Ticket};
use crate::state::OrdersState;

/// The name of the service, and of the stream its events are kept in.
const NAME: &str = "orders";

const COLLECTIONS: &[&Collection] =
    &[Order::COLLECTION, Ticket::COLLECTION, CancelledEvent::COLLECTION, Erasure::COLLECTION];

/// What can be set from outside.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long a buyer has to pay.
    pub reservation: Duration,
    /// How many orders one buyer may have at once that are not paid yet; any number if there is none.
    pub reservations: Option<u8>,
    /// How long a buyer waits who has reserved a ticket twice without buying it, before the third time; after that
    /// each wait is four times as long, up to a day. Zero for never.
    pub cool_down: Duration,
    /// How many tickets one buyer may reserve in a while; any number if there is none.
    pub user_rate: Option<Rate>,
    /// How many tickets may be reserved from one address in a while; any number if there is none.
    pub address_rate: Option<Rate>,
}

impl Default for Settings {
    fn default() -> Self {
        // As often as payment may be attempted: what cannot be paid need not be reserved.
        let in_an_hour = |burst| Some(Rate { burst, per: Duration::from_secs(60 * 60) });
        Self {
            reservation: Duration::from_secs(15 * 60),
            reservations: Some(4),
            cool_down: Duration::from_secs(60),
            user_rate: in_an_hour(30),
            address_rate: in_an_hour(300),
        }
    }
}

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
    let (state, erasures) = (OrdersState::new(deps, settings), Erasures::new(deps));
    Service {
        internal: routes::internal().with_state(state.clone()),
        listeners: [listeners::all(&state), vec![erasures.listener(NAME)]].concat(),
        tasks: vec![erasure::task(&erasures, &state)],
        routes: routes::router().with_state(state),
        streams: vec![Stream::new(NAME)],
    }
}
