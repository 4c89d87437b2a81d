//! The rules of expiry, free of I/O.

mod schedule;

pub(crate) use schedule::{EarlierVersionMissing, OrderDue, Schedule};
