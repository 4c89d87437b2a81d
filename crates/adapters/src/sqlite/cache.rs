//! The records that were written or read last.
//!
//! No other process has the file open, so what is cached here is what is stored: the writer puts every
//! record here after it has committed it, before the outcome is reported. A record that was read from
//! the file is only put here if it has not been written meanwhile.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ports::store::Collection;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// How much text is cached, in bytes.
const CAPACITY: u64 = 4 << 20;
/// The usual size of a record in bytes, for which the cache is laid out.
const USUAL: u64 = 512;
/// What a record takes besides its text, in bytes.
const OVERHEAD: u64 = 128;
/// In how many parts writes are counted. A record that was read is not cached if anything was written
/// to its part meanwhile.
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

/// How many writes a part had seen before a read began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WriteCount(u64);

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

    /// The record, if it is cached; else the number of writes so far, for [`RecordCache::insert_read`].
    pub(super) fn get(&self, collection: &Collection, id: &str) -> Result<Stored, WriteCount> {
        let key = (collection.name, id.to_owned());
        // Counted first, so that a write after it is noticed.
        let writes_before = WriteCount(*self.part(collection, id));
        self.0.records.get(&key).ok_or(writes_before)
    }

    /// Caches a record that was read after `writes_before` writes.
    pub(super) fn insert_read(&self, collection: &Collection, id: &str, stored: Stored, writes_before: WriteCount) {
        let writes = self.part(collection, id);
        if WriteCount(*writes) == writes_before {
            self.0.records.insert((collection.name, id.to_owned()), stored);
        }
    }

    /// Caches a record that has been committed.
    pub(super) fn insert_written(&self, collection: &Collection, id: &str, stored: Stored) {
        let mut writes = self.part(collection, id);
        *writes += 1;
        self.0.records.insert((collection.name, id.to_owned()), stored);
    }

    /// Removes everything: it is not known which records are gone.
    pub(super) fn clear(&self) {
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
    fn records_that_were_written_or_read_last_are_cached() {
        let cache = RecordCache::new();
        let writes_before = cache.get(&ITEMS, "a").expect_err("nothing is known yet");
        cache.insert_read(&ITEMS, "a", stored(3), writes_before);
        assert_eq!(cache.get(&ITEMS, "a"), Ok(stored(3)));
        cache.insert_written(&ITEMS, "a", stored(4));
        assert_eq!(cache.get(&ITEMS, "a"), Ok(stored(4)));
        cache.clear();
        cache.get(&ITEMS, "a").expect_err("it is removed");
    }

    #[test]
    fn a_record_that_was_read_before_a_write_is_not_cached_after_it() {
        let cache = RecordCache::new();
        let writes_before = cache.get(&ITEMS, "a").expect_err("nothing is known yet");
        cache.insert_written(&ITEMS, "a", stored(1));
        cache.insert_read(&ITEMS, "a", stored(0), writes_before);
        assert_eq!(cache.get(&ITEMS, "a"), Ok(stored(1)));
        let writes_before = cache.get(&ITEMS, "b").expect_err("nothing is known of this one");
        cache.clear();
        cache.insert_read(&ITEMS, "b", stored(0), writes_before);
        cache.get(&ITEMS, "b").expect_err("it may be gone");
    }
}
