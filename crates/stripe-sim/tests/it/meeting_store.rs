//! A store in which two decisions about an intent are made before either is stored.

use std::sync::atomic::{AtomicUsize, Ordering};

use adapters::sqlite::SqliteStore;
use async_trait::async_trait;
use ports::store::{Commit, RecordStore, StoreError, StoreLayer};
use tokio::sync::Barrier;

pub(crate) struct MeetingStore {
    store: SqliteStore,
    meeting: Barrier,
    /// How many of the next commits wait for another one.
    waiting: AtomicUsize,
}

impl MeetingStore {
    pub(crate) fn new() -> Self {
        let store = SqliteStore::in_memory().expect("opens");
        Self { store, meeting: Barrier::new(2), waiting: AtomicUsize::new(0) }
    }

    /// The next two commits of intents wait for each other.
    pub(crate) fn let_two_meet(&self) {
        self.waiting.store(2, Ordering::SeqCst);
    }

    fn takes_part(&self, commit: &Commit) -> bool {
        let one_less = |waiting: usize| waiting.checked_sub(1);
        commit.collection.name == "stripe_intents"
            && self.waiting.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok()
    }
}

#[async_trait]
impl StoreLayer for MeetingStore {
    fn inner(&self) -> &dyn RecordStore {
        &self.store
    }

    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        if self.takes_part(&commit) {
            self.meeting.wait().await;
        }
        self.store.commit(commit).await
    }
}
