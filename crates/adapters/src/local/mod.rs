//! The Bus port on a log in SQLite, within one process.
//!
//! The log is in a [`Database`](crate::database::Database), beside the stores of the services if the bus is theirs:
//! then their commits append their events to it themselves ([`LocalBus::store`]). What
//! is recent is also held in memory: the tail of each stream ([`log`]) and the state of each
//! durable consumer ([`cursor`]), so that delivering and acknowledging a fresh message touches no
//! disk. Publishing and dead letters are durable when they return; acknowledgements follow soon, with
//! what else is written, and losing some of them in a crash only delivers messages again.

mod bus;
mod compact;
mod consumer;
mod cursor;
mod dead_letters;
mod deliveries;
mod history;
mod log;
mod prune;
mod publish;
mod publisher;
pub(crate) mod schema;
mod streams;
mod watch;

pub use bus::LocalBus;
pub(crate) use log::envelope_of;
pub(crate) use publisher::{PreparedEvents, Publisher, WrittenEvents};

use ports::bus::BusError;

use crate::database::locked as lock;

/// A message's number in the log. All streams share one sequence.
type Seq = i64;

/// A failure of the database as the port reports it.
fn unavailable(error: impl std::fmt::Display) -> BusError {
    BusError::Unavailable(error.to_string())
}
