use common::id::IdGenerator;
use ports::clock::Clock;
use runtime::Deps;
use runtime::store::Store;

use crate::Settings;
use crate::budget::Budget;
use crate::domain::{ClosedEdition, Order, Ticket};
use crate::holders::Holders;
use crate::quota::Quota;

/// What the routes and listeners work with.
#[derive(Clone)]
pub(crate) struct OrdersState {
    pub(crate) orders: Store<Order>,
    pub(crate) holders: Holders,
    /// How much a buyer may hold.
    pub(crate) quota: Quota,
    /// How many a buyer and an address may reserve in a while.
    pub(crate) budget: Budget,
    /// The editions that no order can be made of any more.
    pub(crate) closed: Store<ClosedEdition>,
    /// The replica of the tickets.
    pub(crate) tickets: Store<Ticket>,
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
    pub(crate) settings: Settings,
}

impl OrdersState {
    pub(crate) fn new(deps: &Deps, settings: Settings) -> Self {
        Self {
            orders: deps.store(),
            holders: Holders::new(deps.store()),
            quota: Quota::new(deps.store(), &settings),
            budget: Budget::new(deps.limits.clone(), &settings),
            closed: deps.store(),
            tickets: deps.store(),
            clock: deps.platform.clock.clone(),
            ids: deps.platform.ids.clone(),
            settings,
        }
    }
}
