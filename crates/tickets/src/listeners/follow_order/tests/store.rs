use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use ports::store::{Collection, Commit, Precondition, Record, RecordStore, StoreError, StoreLayer};
use tokio::sync::Barrier;

/// A database as one process uses it, which may lose the process between two commits.
pub(super) struct WatchedStore {
    inner: Arc<dyn RecordStore>,
    /// How many more commits there are before the process dies.
    commits_left: AtomicUsize,
    done: Mutex<Vec<(&'static str, &'static str)>>,
    /// Where the next commits wait for those of another process, one for each collection that is named.
    meeting: Mutex<Vec<(&'static str, Arc<Barrier>)>>,
}

impl WatchedStore {
    pub(super) fn new(inner: Arc<dyn RecordStore>) -> Self {
        Self { inner, commits_left: AtomicUsize::new(usize::MAX), done: Mutex::default(), meeting: Mutex::default() }
    }

    /// The process dies after so many more commits.
    pub(super) fn die_after(&self, commits: usize) {
        self.commits_left.store(commits, Ordering::SeqCst);
    }

    /// What has been done since it was asked last: which collections were written to or read, and how.
    pub(super) fn take_done(&self) -> Vec<(&'static str, &'static str)> {
        std::mem::take(&mut *self.done.lock().expect("no test has panicked"))
    }

    /// The next commit to this collection is decided before the other process's next one is stored, and the other
    /// way round.
    pub(super) fn meet(&self, other: &Self, collection: &'static str) {
        let barrier = Arc::new(Barrier::new(2));
        for store in [self, other] {
            store.meeting.lock().expect("no test has panicked").push((collection, barrier.clone()));
        }
    }

    fn note(&self, collection: &'static Collection, what: &'static str) {
        self.done.lock().expect("no test has panicked").push((collection.name, what));
    }

    fn take_meeting(&self, collection: &str) -> Option<Arc<Barrier>> {
        let mut meetings = self.meeting.lock().expect("no test has panicked");
        let position = meetings.iter().position(|(name, _)| *name == collection)?;
        Some(meetings.remove(position).1)
    }
}

#[async_trait]
impl StoreLayer for WatchedStore {
    fn inner(&self) -> &dyn RecordStore {
        &*self.inner
    }

    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        if let Some(meeting) = self.take_meeting(commit.collection.name) {
            meeting.wait().await;
        }
        let one_less = |left: usize| left.checked_sub(1);
        if self.commits_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_err() {
            return Err(StoreError::Unavailable("the process has died".into()));
        }
        let kind = match commit.precondition {
            Precondition::DoesNotExist => "insert",
            Precondition::MatchesRevision(_) => "change",
        };
        self.note(commit.collection, kind);
        self.inner.commit(commit).await
    }

    async fn get(&self, collection: &'static Collection, id: &str) -> Result<Option<Record>, StoreError> {
        self.note(collection, "read");
        self.inner.get(collection, id).await
    }
}
