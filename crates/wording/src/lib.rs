//! When two texts are the same to people: as they search, and as they name events, venues and places.

mod folding;
mod names;
mod search_text;

pub use folding::{folded, spelled_out};
pub use names::{name, place};
pub use search_text::search_text;
