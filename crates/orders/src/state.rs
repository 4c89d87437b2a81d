use common::id::IdGenerator;
use ports::clock::Clock;
use runtime::Deps;
use runtime::store::Store;

use crate::Settings;
use crate::domain::Order;
use crate::holders::Holders;
use crate::replica::Tickets;

/// What the routes and listeners work with.
#[derive(Clone)]
pub(crate) struct Orders {
    pub(crate) orders: Store<Order>,
    pub(crate) holders: Holders,
    pub(crate) tickets: Tickets,
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
    pub(crate) settings: Settings,
}

impl Orders {
    pub(crate) fn new(deps: &Deps, settings: Settings) -> Self {
        Self {
            orders: deps.store(),
            holders: Holders::new(deps.store()),
            tickets: Tickets::new(deps.store(), deps.platform.clock.clone()),
            clock: deps.platform.clock.clone(),
            ids: deps.platform.ids.clone(),
            settings,
        }
    }
}
