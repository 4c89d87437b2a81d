//! The contract of the Bus port. Each rule is a function that takes a bus to itself;
//! `tests/engines/bus_contract.rs` runs every rule against every adapter.

mod backlog;
mod committing;
mod compacting;
mod dead_letters;
mod delivering;
mod fixture;
mod huge;
mod messages;
mod publishing;
mod redelivering;
mod sharing;
mod watching;

pub use backlog::*;
pub use compacting::*;
pub use dead_letters::*;
pub use delivering::*;
pub use fixture::Fixture;
pub use huge::*;
pub use messages::created;
pub use publishing::*;
pub use redelivering::*;
pub use sharing::*;
pub use watching::*;
