//! The Store port on MongoDB.
