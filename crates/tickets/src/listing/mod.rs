//! What the list of tickets can be asked for, and how the store is queried for it.

mod filter;
mod params;
mod position;
mod sort;
mod step;

pub(crate) use filter::{Listing, Scope};
pub(crate) use params::ListParams;
pub(crate) use position::Position;
pub(crate) use sort::Sort;
pub(crate) use step::Step;
