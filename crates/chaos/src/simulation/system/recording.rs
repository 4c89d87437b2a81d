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
    known: Mutex<BTreeMap<(&'static str, String), Known>>,
}

/// Since when a process has known the latest revision that it knows of a record: it has read or written it.
struct Known {
    revision: Revision,
    at: Duration,
}

impl RecordingStore {
    pub(super) fn new(inner: Arc<SqliteStore>, by: Actor, history: History) -> Self {
        Self { inner, by, history, known: Mutex::default() }
    }

    fn note_known(&self, collection: &'static str, id: &str, revision: Revision) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (collection, id.to_owned());
        if known.get(&key).is_none_or(|known| known.revision != revision) {
            known.insert(key, Known { revision, at: self.history.now() });
        }
    }

    /// Since when what this commit replaces has been known; now if it replaces nothing.
    fn read_at(&self, commit: &Commit) -> Duration {
        let key = (commit.collection.name, commit.record.id.clone());
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let replaced = known.get(&key).filter(|known| known.revision.next() == commit.record.revision);
        replaced.map_or_else(|| self.history.now(), |known| known.at)
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
        let revision = commit.record.revision;
        self.inner.commit(commit).await?;
        self.note_known(committed.collection, &committed.id, revision);
        let published = if self.inner.publishes() { committed.events.clone() } else { Vec::new() };
        self.history.note(HistoryEvent::Committed(Box::new(committed)));
        published.into_iter().for_each(|event| self.history.note(HistoryEvent::Published(event)));
        Ok(())
    }

    async fn get(&self, collection: &'static Collection, id: &str) -> Result<Option<Record>, StoreError> {
        let found = self.inner.get(collection, id).await?;
        if let Some(record) = &found {
            self.note_known(collection.name, id, record.revision);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use ports::store::Precondition;
    use tokio::time::advance;

    use super::*;
    use crate::simulation::history::Entry;

    const ITEMS: Collection = Collection { name: "items", indexes: &[] };

    /// What the history says of when each commit's decision can have begun, in seconds.
    fn known_since(history: &History) -> Vec<u64> {
        let of_commit = |entry: Entry| match entry.what {
            HistoryEvent::Committed(commit) => Some(commit.read_at.as_secs()),
            _ => None,
        };
        history.entries().into_iter().filter_map(of_commit).collect()
    }

    async fn change(store: &dyn RecordStore, revision: u64) {
        let record = Record { id: "a".into(), revision: Revision(revision), body: serde_json::Map::new() };
        let precondition = Precondition::MatchesRevision(Revision(revision - 1));
        let commit = Commit { collection: &ITEMS, record, precondition, events: Vec::new() };
        store.commit(commit).await.expect("is written");
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_may_have_been_decided_since_its_process_has_read_or_written_what_it_replaces() {
        let database = Arc::new(SqliteStore::in_memory().expect("a database"));
        database.prepare(&[&ITEMS]).await.expect("a table");
        let history = History::begin();
        let process = || RecordingStore::new(database.clone(), Actor::Stripe, history.clone());
        let [one, other]: [Box<dyn RecordStore>; 2] = [Box::new(process()), Box::new(process())];
        let record = Record { id: "a".into(), revision: Revision(0), body: serde_json::Map::new() };
        let commit =
            Commit { collection: &ITEMS, record, precondition: Precondition::DoesNotExist, events: Vec::new() };
        one.commit(commit).await.expect("is written");
        advance(Duration::from_secs(1)).await;
        one.get(&ITEMS, "a").await.expect("is read");
        advance(Duration::from_secs(1)).await;
        change(&*one, 1).await;
        advance(Duration::from_secs(1)).await;
        other.get(&ITEMS, "a").await.expect("is read");
        advance(Duration::from_secs(1)).await;
        change(&*other, 2).await;
        assert_eq!(known_since(&history), [0, 0, 3], "written at 0, and read by the other at 3");
    }
}
