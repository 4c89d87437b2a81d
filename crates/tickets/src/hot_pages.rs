//! Pages of the list that are read again and again come from memory, and so does what currencies there are.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use common::money::Currency;
use common::time::Timestamp;

use crate::listing::{Position, Sort};

/// How many pages are kept: few people ask for other than the usual ones.
const CAPACITY: usize = 32;

/// First pages without filters, as they were last read. Any change of any ticket invalidates all
/// of them, and nothing is kept while changes by other replicas are not received. Clones share
/// the pages.
#[derive(Clone, Default)]
pub(crate) struct HotPages(Arc<Mutex<Pages>>);

#[derive(Default)]
struct Pages {
    generation: u64,
    is_receiving: bool,
    pages: HashMap<PageKey, HotPage>,
}

/// What distinguishes one hot page from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum PageKey {
    /// The first page of the list; of the tickets in one currency, where prices are compared.
    List { sort: Sort, limit: usize, currency: Option<Currency> },
    /// The currencies in which tickets are for sale.
    Currencies,
}

/// A page, ready to be sent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HotPage {
    pub(crate) json: Bytes,
    pub(crate) next: Option<Position>,
    /// Whether it only comes near to what was searched for.
    pub(crate) is_near: bool,
    /// When the first of its tickets is not for sale any more, because its event begins.
    pub(crate) valid_until: Timestamp,
}

/// What is found in memory.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Lookup {
    /// The page.
    Hit(HotPage),
    /// Nothing. The page may be inserted under this generation once it has been read.
    Miss(Generation),
}

/// Counts the changes of tickets, so that a page is not kept that was read before one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Generation(u64);

impl HotPages {
    /// Looks for a page. Call this before reading it from the database.
    pub(crate) fn get(&self, key: PageKey, now: Timestamp) -> Lookup {
        let pages = self.lock();
        let page = pages.pages.get(&key).filter(|page| now < page.valid_until);
        page.cloned().map_or(Lookup::Miss(Generation(pages.generation)), Lookup::Hit)
    }

    /// Keeps a page, unless a ticket has changed since `generation`.
    pub(crate) fn insert(&self, key: PageKey, generation: Generation, page: HotPage) {
        let mut pages = self.lock();
        let is_current = Generation(pages.generation) == generation;
        let has_room = pages.pages.len() < CAPACITY || pages.pages.contains_key(&key);
        if pages.is_receiving && is_current && has_room {
            pages.pages.insert(key, page);
        }
    }

    /// A ticket has changed.
    pub(crate) fn invalidate(&self) {
        let mut pages = self.lock();
        pages.generation += 1;
        pages.pages.clear();
    }

    /// Whether changes by other replicas are received from now on.
    pub(crate) fn set_receiving(&self, is_receiving: bool) {
        self.lock().is_receiving = is_receiving;
        self.invalidate();
    }

    fn lock(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: PageKey = PageKey::List { sort: Sort::Newest, limit: 20, currency: None };

    fn now() -> Timestamp {
        Timestamp::from_millis(999)
    }

    fn page() -> HotPage {
        HotPage {
            json: Bytes::from_static(b"[]"),
            next: None,
            is_near: false,
            valid_until: Timestamp::from_millis(1_000),
        }
    }

    fn miss(pages: &HotPages, key: PageKey) -> Generation {
        match pages.get(key, now()) {
            Lookup::Miss(generation) => generation,
            Lookup::Hit(page) => panic!("{page:?} is in memory"),
        }
    }

    #[test]
    fn a_page_is_kept_until_a_ticket_changes() {
        let pages = HotPages::default();
        pages.set_receiving(true);
        let generation = miss(&pages, KEY);
        pages.insert(KEY, generation, page());
        assert_eq!(pages.get(KEY, now()), Lookup::Hit(page()));
        miss(&pages, PageKey::List { sort: Sort::Newest, limit: 21, currency: None });
        miss(&pages, PageKey::Currencies);
        pages.invalidate();
        miss(&pages, KEY);
    }

    #[test]
    fn a_page_is_read_again_once_an_event_on_it_has_begun() {
        let pages = HotPages::default();
        pages.set_receiving(true);
        let generation = miss(&pages, KEY);
        pages.insert(KEY, generation, page());
        assert_eq!(pages.get(KEY, page().valid_until), Lookup::Miss(generation));
    }

    #[test]
    fn a_page_read_before_a_change_is_not_kept_after_it() {
        let pages = HotPages::default();
        pages.set_receiving(true);
        let generation = miss(&pages, KEY);
        pages.invalidate();
        pages.insert(KEY, generation, page());
        miss(&pages, KEY);
    }

    #[test]
    fn nothing_is_kept_while_changes_are_not_received() {
        let pages = HotPages::default();
        let generation = miss(&pages, KEY);
        pages.insert(KEY, generation, page());
        miss(&pages, KEY);
        pages.set_receiving(true);
        let generation = miss(&pages, KEY);
        pages.insert(KEY, generation, page());
        pages.set_receiving(false);
        miss(&pages, KEY);
    }
}
