//! What the list of tickets can be asked for, and how the store is queried for it.

mod filter;
mod params;
mod sort;

pub(crate) use filter::{Listing, Scope};
pub(crate) use params::ListParams;
pub(crate) use sort::Sort;
