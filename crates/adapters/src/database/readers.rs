//! Who reads from the database: threads of their own, never those that everything else runs on.

use std::future::ready;
use std::path::Path;
use std::time::Duration;

use futures::future::Either;
use ports::store::{Lane as LaneName, ReadLimits, StoreError};
use rusqlite::Connection;

use super::file::connect_reader;
use super::lane::{Lane, LaneLimits};
use super::memory::{Memory, locked};
use crate::searches::searches_at_once;

/// A read that has not been begun after as long as clients wait is of no use to anybody.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many reads may wait that are no searches.
const WAITING: usize = 4096;
/// Searches give way to everything else, which has three times as much of a core that both want.
const SEARCH_NICENESS: i32 = 5;

/// See the module's description.
pub(super) enum Readers {
    /// One set of threads for each lane.
    Threads { direct: Lane, search: Lane },
    /// The caller, on the writer's connection: in memory every other connection would see a database of its own.
    Caller(Memory),
}

impl Readers {
    /// Readers of the file at `path`, which has been opened.
    pub(super) fn of_file(path: &Path, limits: &ReadLimits) -> Result<Self, StoreError> {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let connect = |count: usize| (0..count).map(|_| connect_reader(path)).collect::<Result<Vec<_>, _>>();
        let direct = LaneLimits { waiting: WAITING, patience: PATIENCE, budget: limits.direct, niceness: 0 };
        let search = LaneLimits {
            waiting: limits.searches_waiting,
            patience: limits.search_patience,
            budget: limits.search,
            niceness: SEARCH_NICENESS,
        };
        Ok(Self::Threads {
            direct: Lane::start("sqlite-reader", connect(cores.clamp(2, 8))?, direct)?,
            search: Lane::start("sqlite-search", connect(searches_at_once(limits))?, search)?,
        })
    }

    pub(super) fn in_memory(memory: &Memory) -> Self {
        Self::Caller(memory.clone())
    }

    /// Does this with a connection of the lane, see [`Lane::read`].
    pub(super) fn read<T, F>(
        &self,
        lane: LaneName,
        work: F,
    ) -> impl Future<Output = Result<T, StoreError>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        match (self, lane) {
            (Self::Threads { direct, .. }, LaneName::Direct) => Either::Left(direct.read(work)),
            (Self::Threads { search, .. }, LaneName::Search) => Either::Left(search.read(work)),
            (Self::Caller(memory), _) => Either::Right(ready(work(&locked(memory.connection())))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;
    use std::sync::{Arc, Mutex, mpsc};

    use futures::StreamExt;
    use futures::stream::FuturesUnordered;
    use tempfile::TempDir;
    use tokio::task::JoinHandle;

    use super::super::file::LockedFile;
    use super::*;

    /// How many searches are asked for: more than there are threads of any kind.
    const SEARCHES: usize = 32;

    /// Searches that go on until the sender is dropped.
    struct Searching {
        readers: Arc<Readers>,
        closed: mpsc::Sender<()>,
        searches: Vec<JoinHandle<Result<(), StoreError>>>,
        _file: (TempDir, LockedFile, Connection),
    }

    fn search(limits: &ReadLimits) -> Searching {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("records.db");
        let file = LockedFile::lock(&path).expect("is free");
        let writer = file.connect_writer().expect("opens");
        let readers = Arc::new(Readers::of_file(&path, limits).expect("opens"));
        let (closed, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let search = |_| {
            let (readers, gate) = (readers.clone(), gate.clone());
            let search = move |_: &Connection| {
                // Returns when the other end is gone.
                let _ = gate.lock().expect("no search panics").recv();
                Ok(())
            };
            tokio::spawn(async move { readers.read(LaneName::Search, search).await })
        };
        let searches = (0..SEARCHES).map(search).collect();
        Searching { readers, closed, searches, _file: (directory, file, writer) }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn other_reads_wait_for_no_search() {
        let Searching { readers, closed, searches, _file } = search(&ReadLimits::default());
        let read = |from: &Connection| Ok(from.query_row("SELECT 7", [], |row| row.get::<_, i64>(0)).expect("reads"));
        assert_eq!(readers.read(LaneName::Direct, read).await.expect("reads"), 7);
        assert!(searches.iter().all(|search| !search.is_finished()));
        drop(closed);
        for search in searches {
            search.await.expect("does not panic").expect("searches");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn as_many_run_and_wait_as_the_limits_say() {
        let limits =
            ReadLimits { searches_at_once: NonZeroUsize::new(2), searches_waiting: 3, ..ReadLimits::default() };
        let Searching { closed, searches, _file, .. } = search(&limits);
        let mut searches: FuturesUnordered<_> = searches.into_iter().collect();
        // Those that run or wait do not end before they are let.
        for _ in 0..SEARCHES - 5 {
            let refused = searches.next().await.expect("there are more").expect("does not panic");
            assert!(matches!(refused, Err(StoreError::OverBudget(_))), "{refused:?}");
        }
        drop(closed);
        let ended: Vec<_> = searches.map(|ended| ended.expect("does not panic")).collect().await;
        assert!(ended.iter().all(|ended| matches!(ended, Ok(()) | Err(StoreError::OverBudget(_)))), "{ended:?}");
        // The threads may have taken none of those that waited before the others came.
        let done = ended.iter().filter(|ended| ended.is_ok()).count();
        assert!((3..=5).contains(&done), "{done}");
    }
}
