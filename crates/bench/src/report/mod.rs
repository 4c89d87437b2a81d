//! What was measured, for people and for machines.

mod aims;
mod figure;
mod machine;
mod markdown;
mod plots;
mod table;

use serde::Serialize;

pub(crate) use figure::{Figure, Unit};
pub(crate) use machine::Machine;
pub(crate) use markdown::write;
pub(crate) use table::table;

/// All figures of one run on one machine.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// Where.
    pub(crate) machine: Machine,
    /// Whether counts were small.
    pub(crate) quick: bool,
    /// What.
    pub(crate) figures: Vec<Figure>,
    /// What could not be measured, or was done wrong, and why.
    pub(crate) failures: Vec<String>,
}

impl Report {
    /// Puts each figure beside its baselines of the same run and the aim it has.
    pub(crate) fn new(machine: Machine, quick: bool, mut figures: Vec<Figure>, failures: Vec<String>) -> Self {
        let raw: Vec<Figure> = figures.iter().filter(|figure| figure.engine.is_none()).cloned().collect();
        for figure in &mut figures {
            aims::judge(figure, &raw);
        }
        Self { machine, quick, figures, failures }
    }
}
