use std::ops::Deref;
use std::sync::Arc;

use common::id::IdGenerator;
use ports::bus::Bus;
use ports::clock::Clock;
use runtime::Deps;
use runtime::store::Store;

use crate::Settings;
use crate::domain::{Order, PriceCap};
use crate::event_budget::EventBudget;
use crate::events::Events;
use crate::gate::Gate;
use crate::hot_pages::HotPages;
use crate::live::LiveFeed;
use crate::places::Places;
use crate::search_share::SearchShare;
use crate::sitemap::Sitemap;
use crate::store::TicketStore;

/// What the routes, listeners and tasks share. Cheap to clone, as each request does.
#[derive(Clone)]
pub(crate) struct TicketsState(Arc<Shared>);

/// See [`TicketsState`].
pub(crate) struct Shared {
    pub(crate) tickets: TicketStore,
    pub(crate) gate: Gate,
    pub(crate) places: Places,
    pub(crate) searches: SearchShare,
    pub(crate) price_cap: Option<PriceCap>,
    pub(crate) orders: Store<Order>,
    pub(crate) events: Events,
    pub(crate) event_budget: EventBudget,
    pub(crate) sitemap: Sitemap,
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
    pub(crate) hot_pages: HotPages,
    pub(crate) live: LiveFeed,
}

impl Deref for TicketsState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl TicketsState {
    pub(crate) fn new(deps: &Deps, settings: Settings) -> Self {
        let hot_pages = HotPages::default();
        let tickets = TicketStore::new(deps.store(), deps.store(), hot_pages.clone());
        let (events, clock) = (Events::new(deps.store()), deps.platform.clock.clone());
        Self(Arc::new(Shared {
            sitemap: Sitemap::new(events.clone(), tickets.clone(), clock.clone()),
            gate: Gate::new(tickets.clone(), deps.platform.peers.clone()),
            places: Places::new(tickets.clone(), settings.open_listings),
            searches: SearchShare::new(settings.searches_per_address),
            price_cap: settings.price_cap.map(PriceCap),
            tickets,
            orders: deps.store(),
            events,
            event_budget: EventBudget::new(deps.limits.clone(), settings.added_events),
            bus: deps.platform.bus.clone(),
            clock,
            ids: deps.platform.ids.clone(),
            hot_pages,
            live: LiveFeed::default(),
        }))
    }
}
