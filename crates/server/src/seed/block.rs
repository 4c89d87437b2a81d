use rand::Rng;
use rand::rngs::StdRng;

use super::catalogue::{Genre, Section, one_of};

/// The last row of every section; the first is A.
const LAST_ROW: char = 'T';
/// How many seats a block has at most.
const TOGETHER: u32 = 4;
/// How many blocks a row has.
const BLOCKS_IN_ROW: u32 = 8;

/// Seats that are offered together, numbered or not.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) section: &'static Section,
    /// How many.
    pub(super) size: u32,
    /// Which, if they are numbered.
    pub(super) seats: Option<Seats>,
}

/// Where a block of seats begins. Blocks that begin at different seats do not overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Seats {
    pub(super) row: char,
    pub(super) first: u32,
}

impl Block {
    /// A random block at an event of this kind.
    pub(super) fn draw(genre: Genre, rng: &mut StdRng) -> Self {
        let section = one_of(genre.sections(), rng);
        let first = rng.random_range(0..BLOCKS_IN_ROW) * TOGETHER + 1;
        let seats = Seats { row: rng.random_range('A'..=LAST_ROW), first };
        Self { section, size: rng.random_range(1..=TOGETHER), seats: section.seated.then_some(seats) }
    }
}
