//! Who reads from the database: threads of their own, never those that everything else runs on.

use std::path::Path;
use std::time::Duration;

use ports::store::{Lane as LaneName, StoreError};
use rusqlite::Connection;

use super::file::connect_reader;
use super::lane::{Lane, LaneLimits};
use super::memory::{Memory, locked};

/// A read that has not been begun after as long as clients wait is of no use to anybody; one that takes as
/// long holds up the others.
const DIRECT: LaneLimits =
    LaneLimits { waiting: 4096, patience: Duration::from_secs(10), budget: Duration::from_secs(5), niceness: 0 };
/// A search takes some milliseconds; one that does not is stopped, so that the others get their turn. Searches
/// give way to everything else, which has three times as much of a core that both want.
const SEARCH: LaneLimits =
    LaneLimits { waiting: 64, patience: Duration::from_secs(2), budget: Duration::from_millis(500), niceness: 5 };

/// See the module's description.
pub(super) enum Readers {
    /// One set of threads for each lane.
    Threads { direct: Lane, search: Lane },
    /// The caller, on the writer's connection: in memory every other connection would see a database of its own.
    Caller(Memory),
}

impl Readers {
    /// Readers of the file at `path`, which has been opened.
    pub(super) fn of_file(path: &Path) -> Result<Self, StoreError> {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let connect = |count: usize| (0..count).map(|_| connect_reader(path)).collect::<Result<Vec<_>, _>>();
        Ok(Self::Threads {
            direct: Lane::start("sqlite-reader", connect(cores.clamp(2, 8))?, DIRECT)?,
            // Half of the cores are left to the others, whatever is searched for.
            search: Lane::start("sqlite-search", connect((cores / 2).clamp(1, 4))?, SEARCH)?,
        })
    }

    pub(super) fn in_memory(memory: &Memory) -> Self {
        Self::Caller(memory.clone())
    }

    /// Does this with a connection of the lane.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        lane: LaneName,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        match (self, lane) {
            (Self::Threads { direct, .. }, LaneName::Direct) => direct.read(work).await,
            (Self::Threads { search, .. }, LaneName::Search) => search.read(work).await,
            (Self::Caller(memory), _) => work(&locked(memory.connection())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, mpsc};

    use super::super::file::LockedFile;
    use super::*;

    /// How many searches are asked for: more than there are threads of any kind.
    const SEARCHES: usize = 32;

    #[tokio::test(flavor = "multi_thread")]
    async fn other_reads_wait_for_no_search() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("records.db");
        let file = LockedFile::lock(&path).expect("is free");
        let _writer = file.connect_writer().expect("opens");
        let readers = Arc::new(Readers::of_file(&path).expect("opens"));
        let (closed, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let searches: Vec<_> = (0..SEARCHES)
            .map(|_| {
                let (readers, gate) = (readers.clone(), gate.clone());
                let search = move |_: &Connection| {
                    // Returns when the other end is gone.
                    let _ = gate.lock().expect("no search panics").recv();
                    Ok(())
                };
                tokio::spawn(async move { readers.read(LaneName::Search, search).await })
            })
            .collect();
        let read = |from: &Connection| Ok(from.query_row("SELECT 7", [], |row| row.get::<_, i64>(0)).expect("reads"));
        assert_eq!(readers.read(LaneName::Direct, read).await.expect("reads"), 7);
        assert!(searches.iter().all(|search| !search.is_finished()));
        drop(closed);
        for search in searches {
            search.await.expect("does not panic").expect("searches");
        }
    }
}
