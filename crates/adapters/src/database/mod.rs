//! One SQLite database with one writer, which the stores of all services and the bus of a process can share.
//!
//! Everything is written by one thread ([`writer`]), in transactions that many callers share: what a transaction
//! costs, a sync of the disk above all, is paid once for all of them. Reads run on threads of their own
//! ([`readers`]), each with a connection and a limited time; searches apart from all others. If everything is in
//! memory, the caller's thread reads and writes.

mod error;
mod file;
mod lane;
mod memory;
mod private_file;
mod readers;
mod writer;

pub use memory::Memory;

pub(crate) use error::{WriteFailed, store_error};
#[cfg(test)]
pub(crate) use file::connect_in_memory;
pub(crate) use file::{LockedFile, describe};
pub(crate) use memory::locked;
pub(crate) use writer::{Writer, undo};

use std::path::Path;
use std::sync::Arc;

use ports::store::{Lane, ReadLimits, StoreError};
use rusqlite::Connection;

use readers::Readers;

/// See the module's description. Clones share it; it is closed when the last of them, and of the stores and the bus
/// in it, is dropped.
#[derive(Clone)]
pub struct Database(Arc<Open>);

struct Open {
    // Dropped first: the writer finishes its work, and reads end, before the file is released.
    writer: Arc<Writer>,
    readers: Readers,
    memory: Memory,
    _file: Option<LockedFile>,
}

impl Database {
    /// Opens the file, or creates it and the directories above it. It belongs to this process until the database
    /// is closed.
    ///
    /// # Errors
    /// With one line for the operator if the path cannot be written to, the file is something else, or another
    /// process has it open.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_limited(path, &ReadLimits::default())
    }

    /// Opens the file as [`open`](Self::open) does; reads from it are limited so.
    ///
    /// # Errors
    /// The same.
    pub fn open_limited(path: &Path, limits: &ReadLimits) -> Result<Self, StoreError> {
        let file = LockedFile::lock(path)?;
        let memory = Memory::of(file.connect_writer()?);
        let (writer, readers) = (Arc::new(Writer::on_thread(&memory)?), Readers::of_file(path, limits)?);
        Ok(Self(Arc::new(Open { writer, readers, memory, _file: Some(file) })))
    }

    /// A database that is gone when it is closed.
    ///
    /// # Errors
    /// If there is not enough memory.
    pub fn in_memory() -> Result<Self, StoreError> {
        Memory::new().map(|memory| Self::on(&memory))
    }

    /// The database in `memory`, which it takes over from the one that had it before.
    pub fn on(memory: &Memory) -> Self {
        let (writer, readers) = (Arc::new(Writer::in_memory(memory)), Readers::in_memory(memory));
        Self(Arc::new(Open { writer, readers, memory: memory.clone(), _file: None }))
    }

    pub(crate) fn writer(&self) -> &Arc<Writer> {
        &self.0.writer
    }

    /// Reads with a connection of the lane. That is begun at once, and ends before the database is closed.
    pub(crate) fn read<T, F>(
        &self,
        lane: Lane,
        work: F,
    ) -> impl Future<Output = Result<T, StoreError>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.0.readers.read(lane, work)
    }

    /// Does this at once, on the caller's thread: for what is done before anything else.
    pub(crate) fn at_once<T>(&self, work: impl FnOnce(&Connection) -> T) -> T {
        work(&locked(self.0.memory.connection()))
    }
}
