//! The contract of the Store port. Each rule is a function that takes an empty [`Backend`] and panics if the
//! adapter breaks the rule; `tests/engines/store_contract.rs` runs every rule against every adapter.

mod backend;
mod commits;
mod durability;
mod lists;
mod logged;
mod outbox;
mod paging;
mod queries;
mod races;
mod recent;
mod sample;
mod typed;
mod unique;
mod values;

pub use backend::Backend;
pub use commits::*;
pub use durability::*;
pub use lists::*;
pub use logged::LoggedStore;
pub use outbox::*;
pub use paging::*;
pub use queries::*;
pub use races::*;
pub use recent::*;
pub use typed::*;
pub use unique::*;
pub use values::*;
