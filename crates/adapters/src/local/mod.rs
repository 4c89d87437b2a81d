//! The Bus port on a log in SQLite, within one process.
//!
//! One thread owns the database ([`writer`]) and commits the work of many callers in groups; a
//! database in memory ([`memory`]) is written to by the callers themselves. What
//! is recent is also held in memory: the tail of each stream ([`log`]) and the state of each
//! durable consumer ([`cursor`]), so that delivering and acknowledging a fresh message touches no
//! disk. Publishing and dead letters are durable when they return; acknowledgements follow within
//! [`writer::LAZY`], and losing some of them in a crash only delivers messages again.

mod bus;
mod compact;
mod consumer;
mod cursor;
mod dead_letters;
mod deliveries;
mod history;
mod log;
mod memory;
mod prune;
mod publish;
mod schema;
mod watch;
mod writer;

pub use bus::LocalBus;
pub use memory::MemoryLog;

/// A message's number in the log. All streams share one sequence.
type Seq = i64;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks the mutex. A panic elsewhere leaves nothing inconsistent behind these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
