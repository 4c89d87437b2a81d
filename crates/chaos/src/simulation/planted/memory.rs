use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ports::store::{Collection, Commit, Record, RecordStore, StoreError};

/// By collection and id.
type Records = BTreeMap<(&'static str, String), Record>;

/// What a process wrote last, and does not read again.
#[derive(Default)]
pub(super) struct Memory(Mutex<Records>);

impl Memory {
    pub(super) fn get(&self, collection: &'static Collection, id: &str) -> Option<Record> {
        self.lock().get(&(collection.name, id.to_owned())).cloned()
    }

    /// Commits this and remembers it. What is refused, or may not have been written, is read again.
    pub(super) async fn commit(&self, store: &dyn RecordStore, commit: Commit) -> Result<(), StoreError> {
        let (key, record) = ((commit.collection.name, commit.record.id.clone()), commit.record.clone());
        let written = store.commit(commit).await;
        let mut records = self.lock();
        match &written {
            Err(_) => drop(records.remove(&key)),
            Ok(()) if records.get(&key).is_none_or(|known| known.revision < record.revision) => {
                records.insert(key, record);
            }
            Ok(()) => {}
        }
        written
    }

    fn lock(&self) -> MutexGuard<'_, Records> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
