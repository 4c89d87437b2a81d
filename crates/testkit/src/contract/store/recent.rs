//! What a process remembers of its last writes, while another process writes the same records.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use common::outcome::Outcome;
use common::time::Timestamp;
use common::version::Version;
use ports::clock::Clock;
use ports::store::{Collection, Record, RecordStore, StoreError, StoreLayer};
use runtime::outbox::Relay;
use runtime::store::{Applied, Store};

use super::Backend;
use super::typed::{COUNTERS, Counted, Counter, counter, counters};

/// Counts how often a record is read by its id.
struct ReadCounter {
    inner: Arc<dyn RecordStore>,
    reads: AtomicU64,
}

#[async_trait]
impl StoreLayer for ReadCounter {
    fn inner(&self) -> &dyn RecordStore {
        &*self.inner
    }

    async fn get(&self, collection: &'static Collection, id: &str) -> Result<Option<Record>, StoreError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.inner.get(collection, id).await
    }
}

async fn count(store: &Store<Counter>) -> u64 {
    let count = |counter: &mut Counter, _| {
        counter.count += 1;
        Ok::<_, StoreError>(Outcome::Changed(Counted))
    };
    store.update("a", count).await.expect("lands").expect("is there").aggregate.count
}

/// Who changes what this process has written or read a moment ago reads nothing.
pub async fn what_was_written_a_moment_ago_is_not_read_again(backend: &Backend) {
    let inner = backend.prepared(&[&COUNTERS]).await;
    let records = Arc::new(ReadCounter { inner, reads: AtomicU64::new(0) });
    let clock = Clock::manual(Timestamp::from_millis(1));
    let store: Store<Counter> = Store::new(records.clone(), Relay::unused("counters"), clock.clone());
    let reads = || records.reads.load(Ordering::SeqCst);
    store.insert(counter(0), &()).await.expect("inserts");
    assert_eq!((count(&store).await, count(&store).await, reads()), (1, 2, 0));
    clock.advance(Duration::from_secs(31));
    assert_eq!((count(&store).await, reads()), (3, 1), "that was long ago");
    assert_eq!((count(&store).await, reads()), (4, 1));
    store.replicate("b", Version(0), |_| Counter { id: "b".into(), count: 0 }).await.expect("replicates");
    store.replicate_change("b", Version(1), |present| present).await.expect("replicates");
    assert_eq!(reads(), 1);
}

/// What another process has written since is neither overwritten nor overlooked.
pub async fn what_another_process_wrote_is_not_overlooked(backend: &Backend) {
    let records = backend.prepared(&[&COUNTERS]).await;
    let (here, there) = (counters(&records), counters(&records));
    here.insert(counter(0), &()).await.expect("inserts");
    assert_eq!((count(&there).await, count(&here).await, count(&there).await), (1, 2, 3));
    // Decided on the two that this process has written last, these would change nothing, and be refused.
    let from_three = |counter: &mut Counter, _| {
        let changes = counter.count == 3;
        counter.count += u64::from(changes);
        Ok::<_, StoreError>(if changes { Outcome::Changed(Counted) } else { Outcome::Unchanged })
    };
    assert!(here.update("a", from_three).await.expect("lands").expect("is there").outcome.is_changed());
    assert_eq!(count(&there).await, 5);
    let at_five = |counter: &mut Counter, _| {
        let is_refused = counter.count != 5;
        counter.count += 1;
        if is_refused { Err(StoreError::Corrupt("refused".into())) } else { Ok(Outcome::Changed(Counted)) }
    };
    let changed = here.update("a", at_five).await.expect("is not refused").expect("is there");
    assert_eq!((changed.aggregate.count, changed.aggregate.version), (6, Version(6)));
}

/// Versions that another process has applied are no gap.
pub async fn a_gap_that_another_process_has_filled_is_none(backend: &Backend) {
    let records = backend.prepared(&[&COUNTERS]).await;
    let (here, there) = (counters(&records), counters(&records));
    for (store, version, expected) in [
        (&here, 0, Applied::Now),
        (&there, 1, Applied::Now),
        (&here, 2, Applied::Now),
        (&there, 4, Applied::Gap),
        (&there, 2, Applied::Before),
        (&here, 3, Applied::Now),
        (&there, 3, Applied::Before),
    ] {
        let applied = store.replicate("a", Version(version), |_| counter(version)).await.expect("replicates");
        assert_eq!(applied, expected, "version {version}");
    }
}

/// A replica that was lost while the process went on is made anew by events that it had applied.
pub async fn a_replica_that_was_lost_is_made_anew(backend: &Backend) {
    let records = backend.prepared(&[&COUNTERS]).await;
    let store = counters(&records);
    for _ in 0..2 {
        for version in 0..2 {
            let applied = store.replicate("a", Version(version), |_| counter(version)).await.expect("replicates");
            assert_eq!(applied, Applied::Now, "version {version}");
        }
        records.purge(&COUNTERS, &[]).await.expect("purges");
    }
}

/// What the process has removed it does not remember either.
pub async fn what_was_removed_is_not_recalled(backend: &Backend) {
    let store = counters(&backend.prepared(&[&COUNTERS]).await);
    store.insert(counter(0), &()).await.expect("inserts");
    assert!(store.recall("a").is_some());
    assert_eq!(store.purge(&[]).await.expect("purges"), 1);
    assert_eq!(store.recall("a").map(|recalled| recalled.value.count), None);
}
