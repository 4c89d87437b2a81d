//! The two ports: what a service needs of a database and of a message bus, and nothing of any
//! particular one. An adapter implements them; `runtime` builds on them.

pub mod bus;
pub mod clock;
pub mod store;
