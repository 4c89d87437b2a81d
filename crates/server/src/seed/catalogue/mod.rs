//! The events and their venues. All names are invented.

mod cities;
mod genres;

pub(super) use cities::{CITIES, City};
pub(super) use genres::{Genre, Section};

use rand::Rng;
use rand::rngs::StdRng;

/// A random item. There must be at least one.
pub(super) fn one_of<'a, T>(items: &'a [T], rng: &mut StdRng) -> &'a T {
    &items[rng.random_range(0..items.len())]
}
