//! The ports: what a service needs of a database ([`store`]), of a message bus ([`bus`]) and of the time
//! ([`clock`]), and nothing of any particular one. Adapters implement them; `runtime` builds on them.

pub mod batches;
pub mod bus;
pub mod clock;
pub mod store;
