//! What the list of tickets can be asked for, and how that is asked of the store.

mod filter;
mod params;
mod sort;

pub(crate) use filter::Listing;
pub(crate) use params::ListParams;
pub(crate) use sort::Sort;
