//! Tickets: what people sell. Owns the tickets, serves the list of those for sale, and locks,
//! frees and sells them as orders come and go.

mod domain;
mod error;
mod event_budget;
mod events;
#[cfg(test)]
mod fuzz;
mod gate;
mod hot_pages;
mod listeners;
mod listing;
mod live;
mod places;
#[cfg(test)]
mod price_caps;
#[cfg(test)]
mod privacy;
mod rivals;
mod routes;
mod sealing;
mod search;
mod search_share;
#[cfg(test)]
mod seats;
mod sitemap;
mod state;
mod store;
mod tasks;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod zones;

use std::time::Duration;

use ports::bus::Stream;
use ports::store::Collection;
use runtime::erasure::{Erasure, Erasures};
use runtime::limits::Rate;
use runtime::store::Stored;
use runtime::{Deps, Service, ServiceDefinition};

use domain::{Event, Order, Ticket};
use state::TicketsState;
use store::KnownWord;

/// The service's name, and that of the stream its events are kept in.
const NAME: &str = "tickets";

const COLLECTIONS: &[&Collection] =
    &[Ticket::COLLECTION, Order::COLLECTION, Event::COLLECTION, KnownWord::COLLECTION, Erasure::COLLECTION];

/// What can be set about the service.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How many tickets one seller may have for sale at once; any number if there is none.
    pub open_listings: Option<u32>,
    /// How many events one user may add; any number if there is none.
    pub added_events: Option<Rate>,
    /// How many searches from one address run at once, or wait for the database; any number if there is none.
    pub searches_per_address: Option<u32>,
    /// How many per cent more than its face value a ticket may cost, where that is known; anything if there is none.
    pub price_cap: Option<u32>,
    /// How long the bus keeps events of a ticket that a later one supersedes.
    pub keep_superseded: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        let hour = Duration::from_secs(60 * 60);
        Self {
            open_listings: Some(200),
            added_events: Some(Rate { burst: 50, per: 24 * hour }),
            searches_per_address: Some(2),
            price_cap: None,
            keep_superseded: hour,
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
    let (state, erasures) = (TicketsState::new(deps, settings), Erasures::new(deps));
    Service {
        internal: routes::internal().with_state(state.clone()),
        streams: vec![Stream { keep_superseded: Some(settings.keep_superseded), ..Stream::new(NAME) }],
        listeners: [listeners::all(&state), vec![erasures.listener(NAME)]].concat(),
        tasks: tasks::all(&state, &erasures),
        routes: routes::router().with_state(state),
    }
}
