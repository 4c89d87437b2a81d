//! Pages of the list that are read again and again come from memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use ports::store::Cursor;

use crate::listing::Sort;

/// How many pages are kept; few people ask for other than the usual ones.
const CAPACITY: usize = 32;

/// First pages without filters, as they were last read. Any change of any ticket outdates all of
/// them, and nothing is kept while changes by other replicas cannot be heard of. Clones share
/// the pages.
#[derive(Clone, Default)]
pub(crate) struct HotPages(Arc<Mutex<Pages>>);

#[derive(Default)]
struct Pages {
    edition: u64,
    hears_changes: bool,
    pages: HashMap<PageKey, HotPage>,
}

/// What tells one hot page from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PageKey {
    pub(crate) sort: Sort,
    pub(crate) limit: usize,
}

/// A page, ready to be sent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HotPage {
    pub(crate) json: Bytes,
    pub(crate) next: Option<Cursor>,
}

/// Which state of the tickets a page was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edition(u64);

impl HotPages {
    /// The page, or else the edition to keep it under; ask before reading from the database.
    pub(crate) fn get(&self, key: PageKey) -> Result<HotPage, Edition> {
        let pages = self.lock();
        pages.pages.get(&key).cloned().ok_or(Edition(pages.edition))
    }

    /// Keeps a page, unless a ticket has changed since `edition`.
    pub(crate) fn keep(&self, key: PageKey, edition: Edition, page: HotPage) {
        let mut pages = self.lock();
        if pages.hears_changes && Edition(pages.edition) == edition && pages.pages.len() < CAPACITY {
            pages.pages.insert(key, page);
        }
    }

    /// A ticket has changed.
    pub(crate) fn outdate(&self) {
        let mut pages = self.lock();
        pages.edition += 1;
        pages.pages.clear();
    }

    /// Whether changes by other replicas are heard of from now on.
    pub(crate) fn hears_changes(&self, hears: bool) {
        self.lock().hears_changes = hears;
        self.outdate();
    }

    fn lock(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: PageKey = PageKey { sort: Sort::Newest, limit: 20 };

    fn page() -> HotPage {
        HotPage { json: Bytes::from_static(b"[]"), next: None }
    }

    #[test]
    fn a_page_is_kept_until_a_ticket_changes() {
        let pages = HotPages::default();
        pages.hears_changes(true);
        let edition = pages.get(KEY).expect_err("nothing is kept yet");
        pages.keep(KEY, edition, page());
        assert_eq!(pages.get(KEY), Ok(page()));
        assert!(pages.get(PageKey { limit: 21, ..KEY }).is_err());
        pages.outdate();
        assert!(pages.get(KEY).is_err());
    }

    #[test]
    fn a_page_read_before_a_change_is_not_kept_after_it() {
        let pages = HotPages::default();
        pages.hears_changes(true);
        let edition = pages.get(KEY).expect_err("nothing is kept yet");
        pages.outdate();
        pages.keep(KEY, edition, page());
        assert!(pages.get(KEY).is_err());
    }

    #[test]
    fn nothing_is_kept_while_changes_are_not_heard_of() {
        let pages = HotPages::default();
        let edition = pages.get(KEY).expect_err("nothing is kept yet");
        pages.keep(KEY, edition, page());
        assert!(pages.get(KEY).is_err());
    }
}
