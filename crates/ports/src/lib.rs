//! The ports: what a service needs of a database ([`store`]), of a message bus ([`bus`]) and of a clock
//! ([`clock`]), independent of any particular product. Adapters implement them; `runtime` builds on them.

pub mod batches;
pub mod bus;
pub mod clock;
pub mod store;
