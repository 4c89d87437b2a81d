use common::id::IdGenerator;
use ports::clock::Clock;
use runtime::Deps;

use crate::hot_pages::HotPages;
use crate::live::LiveFeed;
use crate::ticket_store::TicketStore;

/// What the routes, listeners and tasks work with.
#[derive(Clone)]
pub(crate) struct Tickets {
    pub(crate) store: TicketStore,
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
    pub(crate) hot_pages: HotPages,
    pub(crate) live: LiveFeed,
}

impl Tickets {
    pub(crate) fn new(deps: &Deps) -> Self {
        let hot_pages = HotPages::default();
        Self {
            store: TicketStore::new(deps.store(), hot_pages.clone()),
            clock: deps.platform.clock.clone(),
            ids: deps.platform.ids.clone(),
            hot_pages,
            live: LiveFeed::default(),
        }
    }
}
