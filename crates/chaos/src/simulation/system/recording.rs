use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use adapters::sqlite::SqliteStore;
use async_trait::async_trait;
use ports::store::{Collection, Commit, Record, RecordStore, Revision, StoreError, StoreLayer};

use crate::services::published_version;
use crate::simulation::history::{Committed, EventRef, History, HistoryEvent};
use crate::simulation::party::Actor;

/// A database whose commits are recorded in the history, as one life of a process uses it.
pub(in crate::simulation) struct RecordingStore {
    inner: Arc<SqliteStore>,
    by: Actor,
    history: History,
    /// By collection and id.
    reads: Mutex<BTreeMap<(&'static str, String), Read>>,
}

/// When a process first read the latest revision that it knows of a record.
struct Read {
    revision: Revision,
    at: Duration,
}

impl RecordingStore {
    pub(super) fn new(inner: Arc<SqliteStore>, by: Actor, history: History) -> Self {
        Self { inner, by, history, reads: Mutex::default() }
    }

    fn note_read(&self, collection: &'static Collection, record: &Record) {
        let key = (collection.name, record.id.clone());
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        if reads.get(&key).is_none_or(|read| read.revision != record.revision) {
            reads.insert(key, Read { revision: record.revision, at: self.history.now() });
        }
    }

    /// When what this commit replaces was read; now if it replaces nothing.
    fn read_at(&self, commit: &Commit) -> Duration {
        let key = (commit.collection.name, commit.record.id.clone());
        let reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        let read = reads.get(&key).filter(|read| read.revision.next() == commit.record.revision);
        read.map_or_else(|| self.history.now(), |read| read.at)
    }
}

#[async_trait]
impl StoreLayer for RecordingStore {
    fn inner(&self) -> &dyn RecordStore {
        &*self.inner
    }

    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        let committed = Committed {
            by: self.by,
            collection: commit.collection.name,
            id: commit.record.id.clone(),
            revision: commit.record.revision.0,
            version: published_version(&commit.record),
            body: commit.record.body.clone(),
            events: commit.events.iter().map(EventRef::from).collect(),
            read_at: self.read_at(&commit),
        };
        self.inner.commit(commit).await?;
        let published = if self.inner.publishes() { committed.events.clone() } else { Vec::new() };
        self.history.note(HistoryEvent::Committed(Box::new(committed)));
        published.into_iter().for_each(|event| self.history.note(HistoryEvent::Published(event)));
        Ok(())
    }

    async fn get(&self, collection: &'static Collection, id: &str) -> Result<Option<Record>, StoreError> {
        let found = self.inner.get(collection, id).await?;
        if let Some(record) = &found {
            self.note_read(collection, record);
        }
        Ok(found)
    }
}
