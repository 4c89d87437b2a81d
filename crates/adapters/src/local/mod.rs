//! The Bus port on a log in SQLite, within one process.
