use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ports::store::StoreError;
use rusqlite::Connection;

use super::file::{connect_in_memory, describe};

/// What a database in memory is kept in. It outlives the database, as a file does: one that is opened on it takes it
/// over from the one before, which writes nothing any more, as if its process had been killed, and what it had
/// deferred is lost.
#[derive(Clone)]
pub struct Memory(Arc<Kept>);

struct Kept {
    connection: Mutex<Connection>,
    /// The number of the writer that may write.
    owner: AtomicU64,
}

impl Memory {
    /// Nothing yet.
    ///
    /// # Errors
    /// If there is not enough memory.
    pub fn new() -> Result<Self, StoreError> {
        let connection = connect_in_memory().map_err(|error| describe(":memory:".as_ref(), &error))?;
        Ok(Self::of(connection))
    }

    /// What this connection writes to, which may be a file.
    pub(super) fn of(connection: Connection) -> Self {
        Self(Arc::new(Kept { connection: Mutex::new(connection), owner: AtomicU64::new(0) }))
    }

    pub(super) fn connection(&self) -> &Mutex<Connection> {
        &self.0.connection
    }

    /// The number of a new owner.
    pub(super) fn take_over(&self) -> u64 {
        let _alone = locked(&self.0.connection);
        self.0.owner.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(super) fn is_owned_by(&self, number: u64) -> bool {
        self.0.owner.load(Ordering::SeqCst) == number
    }
}

/// A panic while a connection was locked leaves nothing half done: SQLite's transactions prevent it.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
