//! Aggregates on top of the Store port: typed, versioned, and their changes published.
//!
//! The domain decides ([`Outcome`](common::outcome::Outcome)) and knows nothing of this; a service's
//! `store.rs` says how its aggregates are stored ([`Stored`]) and how changes are published
//! ([`Publish`]).

mod await_record;
mod publish;
mod recent;
mod replicate;
mod stored;
mod turns;
mod typed_store;
mod update;

pub use await_record::Awaited;
pub use publish::{Publish, Silent};
pub use replicate::Applied;
pub use stored::Stored;
pub use turns::{Turn, Turns};
pub use typed_store::{Page, Store};
pub use update::{UpdateContext, Updated};
