//! The aggregates that this process has read or written last, so that what changes them next need not read them.
//!
//! Other processes may have written them since. So nothing is decided for good by what is remembered: a commit
//! made from it has to match its revision, and what would end without a commit is decided again on what is stored.

use std::sync::Arc;
use std::time::Duration;

use common::time::Timestamp;
use quick_cache::sync::Cache;

use super::stored::Loaded;

/// How many aggregates of one collection are remembered.
const CAPACITY: usize = 2048;
/// How long. An order is placed, paid and complete within seconds; the later it is, the likelier has another
/// process written it, which costs a refused commit.
const KEPT: Duration = Duration::from_secs(30);

/// See the module's description.
pub(super) struct Recent<A>(Cache<String, Arc<Remembered<A>>>);

struct Remembered<A> {
    loaded: Loaded<A>,
    since: Timestamp,
}

impl<A> Default for Recent<A> {
    fn default() -> Self {
        Self(Cache::new(CAPACITY))
    }
}

impl<A: Clone> Recent<A> {
    pub(super) fn get(&self, id: &str, now: Timestamp) -> Option<Loaded<A>> {
        let remembered = self.0.get(id)?;
        (now.since(remembered.since) <= KEPT).then(|| remembered.loaded.clone())
    }

    pub(super) fn remember(&self, id: &str, loaded: Loaded<A>, now: Timestamp) {
        self.0.insert(id.to_owned(), Arc::new(Remembered { loaded, since: now }));
    }

    /// What comes next has to read this aggregate.
    pub(super) fn forget(&self, id: &str) {
        self.0.remove(id);
    }

    /// The same of all aggregates.
    pub(super) fn clear(&self) {
        self.0.clear();
    }
}
