//! The records that were written or read last.
//!
//! Nobody else has the file, so what is remembered here is what is stored: the writer puts every record
//! here after it has committed it, before anybody is told. Whoever reads one from the file instead may
//! only put it here if it has not been written meanwhile.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ports::store::Collection;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// How much text is remembered, in bytes.
const CAPACITY: u64 = 4 << 20;
/// A record of the usual size, for which the cache is laid out.
const USUAL: u64 = 512;
/// What a record takes beside its text.
const OVERHEAD: u64 = 128;
/// In how many parts writes are counted. What is read is not remembered if anything was written to its
/// part meanwhile.
const PARTS: usize = 64;

/// A record as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stored {
    pub(super) revision: i64,
    pub(super) body: Arc<str>,
}

/// See the module's description. Clones share it.
#[derive(Clone)]
pub(super) struct RecordCache(Arc<Shared>);

struct Shared {
    records: Cache<(&'static str, String), Stored, ByText>,
    writes: [Mutex<u64>; PARTS],
}

#[derive(Clone)]
struct ByText;

/// How many writes a part had seen before somebody began to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment(u64);

impl Weighter<(&'static str, String), Stored> for ByText {
    fn weight(&self, (_, id): &(&'static str, String), stored: &Stored) -> u64 {
        (id.len() + stored.body.len()) as u64 + OVERHEAD
    }
}

impl RecordCache {
    pub(super) fn new() -> Self {
        let records = Cache::with_weighter((CAPACITY / USUAL) as usize, CAPACITY, ByText);
        Self(Arc::new(Shared { records, writes: std::array::from_fn(|_| Mutex::new(0)) }))
    }

    /// The record, if it is remembered; else the moment to say with [`RecordCache::read`].
    pub(super) fn get(&self, collection: &Collection, id: &str) -> Result<Stored, Moment> {
        let key = (collection.name, id.to_owned());
        // The moment comes first: what is written after it is noticed.
        let moment = Moment(*self.part(collection, id));
        self.0.records.get(&key).ok_or(moment)
    }

    /// Remembers what has been read since `moment`.
    pub(super) fn read(&self, collection: &Collection, id: &str, stored: Stored, moment: Moment) {
        let writes = self.part(collection, id);
        if Moment(*writes) == moment {
            self.0.records.insert((collection.name, id.to_owned()), stored);
        }
    }

    /// Remembers what has been committed.
    pub(super) fn written(&self, collection: &Collection, id: &str, stored: Stored) {
        let mut writes = self.part(collection, id);
        *writes += 1;
        self.0.records.insert((collection.name, id.to_owned()), stored);
    }

    /// Forgets everything: who knows which records are gone.
    pub(super) fn forget_all(&self) {
        let mut parts: Vec<_> = self.0.writes.iter().map(lock).collect();
        parts.iter_mut().for_each(|writes| **writes += 1);
        self.0.records.clear();
    }

    fn part(&self, collection: &Collection, id: &str) -> MutexGuard<'_, u64> {
        let mut hasher = DefaultHasher::new();
        (collection.name, id).hash(&mut hasher);
        lock(&self.0.writes[hasher.finish() as usize % PARTS])
    }
}

fn lock(writes: &Mutex<u64>) -> MutexGuard<'_, u64> {
    writes.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    static ITEMS: Collection = Collection { name: "items", indexes: &[] };

    fn stored(revision: i64) -> Stored {
        Stored { revision, body: "{}".into() }
    }

    #[test]
    fn what_was_written_or_read_last_is_remembered() {
        let cache = RecordCache::new();
        let moment = cache.get(&ITEMS, "a").expect_err("nothing is known yet");
        cache.read(&ITEMS, "a", stored(3), moment);
        assert_eq!(cache.get(&ITEMS, "a"), Ok(stored(3)));
        cache.written(&ITEMS, "a", stored(4));
        assert_eq!(cache.get(&ITEMS, "a"), Ok(stored(4)));
        cache.forget_all();
        cache.get(&ITEMS, "a").expect_err("it is forgotten");
    }

    #[test]
    fn what_was_read_before_a_write_is_not_remembered_after_it() {
        let cache = RecordCache::new();
        let moment = cache.get(&ITEMS, "a").expect_err("nothing is known yet");
        cache.written(&ITEMS, "a", stored(1));
        cache.read(&ITEMS, "a", stored(0), moment);
        assert_eq!(cache.get(&ITEMS, "a"), Ok(stored(1)));
        let moment = cache.get(&ITEMS, "b").expect_err("nothing is known of this one");
        cache.forget_all();
        cache.read(&ITEMS, "b", stored(0), moment);
        cache.get(&ITEMS, "b").expect_err("it may be gone");
    }
}
