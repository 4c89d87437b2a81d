use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use ports::bus::BusError;
use rusqlite::Connection;

use super::writer::{LAZY, Work, commit, unavailable};
use super::{lock, schema};

/// The database of a bus in memory. It outlives the bus, as a file does. A bus that is opened on it
/// takes it over from the one before, which writes nothing any more, as if its process had been
/// killed: writes that it had deferred are lost.
#[derive(Clone)]
pub struct MemoryLog(Arc<Log>);

struct Log {
    db: Mutex<Connection>,
    /// The number of the writer that owns it.
    owner: AtomicU64,
}

impl MemoryLog {
    /// An empty log.
    ///
    /// # Errors
    /// If there is not enough memory.
    pub fn new() -> Result<Self, BusError> {
        let db = schema::in_memory().map_err(unavailable)?;
        Ok(Self(Arc::new(Log { db: Mutex::new(db), owner: AtomicU64::new(0) })))
    }

    pub(super) fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, BusError> {
        read(&lock(&self.0.db)).map_err(unavailable)
    }
}

/// Writes to a log in memory, on the caller's thread.
pub(super) struct MemoryWriter {
    log: MemoryLog,
    number: u64,
    deferred: Mutex<Vec<Work>>,
}

impl MemoryWriter {
    /// Takes over `log`.
    pub(super) fn new(log: &MemoryLog) -> Self {
        let _alone = lock(&log.0.db);
        let number = log.0.owner.fetch_add(1, Ordering::SeqCst) + 1;
        Self { log: log.clone(), number, deferred: Mutex::default() }
    }

    pub(super) fn write(&self, work: Work) {
        self.commit(vec![work]);
    }

    /// Does `work` after [`LAZY`], together with what else comes until then, or when the bus ends.
    pub(super) fn write_lazily(self: &Arc<Self>, work: Work) {
        let mut deferred = lock(&self.deferred);
        deferred.push(work);
        if deferred.len() > 1 {
            return;
        }
        let this = Arc::downgrade(self);
        tokio::spawn(async move {
            tokio::time::sleep(LAZY).await;
            if let Some(this) = this.upgrade() {
                this.flush();
            }
        });
    }

    fn flush(&self) {
        let deferred = std::mem::take(&mut *lock(&self.deferred));
        if !deferred.is_empty() {
            self.commit(deferred);
        }
    }

    fn commit(&self, group: Vec<Work>) {
        let db = lock(&self.log.0.db);
        // Dropping the work reports the failure to the tasks that wait for it.
        if self.log.0.owner.load(Ordering::SeqCst) == self.number {
            commit(&db, group.into_iter());
        }
    }
}

impl Drop for MemoryWriter {
    fn drop(&mut self) {
        self.flush();
    }
}
