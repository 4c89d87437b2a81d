use std::ops::Deref;
use std::sync::Arc;

use common::events::EventDetails;
use common::id::IdGenerator;
use ports::clock::Clock;
use ports::store::StoreError;
use runtime::Deps;
use runtime::store::Store;

use crate::Settings;
use crate::budget::Budget;
use crate::domain::{CancelledEvent, ClosedEdition, Order, Ticket};
use crate::holders::Holders;
use crate::quota::Quota;

/// What the routes and listeners work with. Cheap to clone, as each request does.
#[derive(Clone)]
pub(crate) struct OrdersState(Arc<Shared>);

/// See [`OrdersState`].
pub(crate) struct Shared {
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
    /// What tickets are to and does not take place.
    pub(crate) cancelled_events: Store<CancelledEvent>,
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
    pub(crate) settings: Settings,
}

impl Deref for OrdersState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl OrdersState {
    pub(crate) fn new(deps: &Deps, settings: Settings) -> Self {
        let orders: Store<Order> = deps.store();
        Self(Arc::new(Shared {
            holders: Holders::new(orders.clone()),
            quota: Quota::new(orders.clone(), &settings),
            orders,
            budget: Budget::new(deps.limits.clone(), &settings),
            closed: deps.store(),
            tickets: deps.store(),
            cancelled_events: deps.store(),
            clock: deps.platform.clock.clone(),
            ids: deps.platform.ids.clone(),
            settings,
        }))
    }

    /// Whether what this ticket is to does not take place, as far as is known here.
    pub(crate) async fn is_called_off(&self, details: &EventDetails) -> Result<bool, StoreError> {
        match details.event_id {
            Some(event) => Ok(self.cancelled_events.get(event).await?.is_some()),
            None => Ok(false),
        }
    }
}
