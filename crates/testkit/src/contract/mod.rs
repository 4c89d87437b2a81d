//! The contracts of the ports, as tests that run against every adapter.

pub mod bus;
pub mod store;
