//! The Store port on one SQLite file per service.
