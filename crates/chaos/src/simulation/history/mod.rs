//! Everything that happened in a run, in order.

mod entry;
mod fingerprint;
mod story;

pub(super) use entry::{Committed, Entry, EventRef, HistoryEvent};
pub(super) use story::render;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Records everything that happens. Clones share it.
#[derive(Clone)]
pub(super) struct History {
    began: Instant,
    entries: Arc<Mutex<Vec<Entry>>>,
}

impl History {
    pub(super) fn begin() -> Self {
        Self { began: Instant::now(), entries: Arc::default() }
    }

    pub(super) fn note(&self, what: HistoryEvent) {
        let at = self.now();
        self.lock().push(Entry { at, what });
    }

    /// The true time, since the beginning.
    pub(super) fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// All entries so far.
    pub(super) fn entries(&self) -> Vec<Entry> {
        self.lock().clone()
    }

    /// When the run began.
    pub(super) fn began(&self) -> Instant {
        self.began
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A hash that two histories share only if they are the same.
pub(super) fn fingerprint(entries: &[Entry]) -> u64 {
    fingerprint::of(entries)
}
