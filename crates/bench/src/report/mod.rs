//! The report, for people and for machines.

mod aims;
mod cost;
mod figure;
mod machine;
mod markdown;
mod operations;
mod plots;
mod table;

use serde::Serialize;

use cost::Cost;

pub(crate) use figure::{Figure, Unit};
pub(crate) use machine::Machine;
pub(crate) use markdown::write;
pub(crate) use table::table;

/// All figures of one run on one machine.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// The machine.
    pub(crate) machine: Machine,
    /// Whether it was a quick run.
    pub(crate) quick: bool,
    /// The figures.
    pub(crate) figures: Vec<Figure>,
    /// The failed measurements, with reasons.
    pub(crate) failures: Vec<String>,
}

impl Report {
    /// Adds the baselines of the same run, the cost and the aims to each figure.
    pub(crate) fn new(machine: Machine, quick: bool, mut figures: Vec<Figure>, failures: Vec<String>) -> Self {
        let raw: Vec<Figure> = figures.iter().filter(|figure| figure.engine.is_none()).cloned().collect();
        let unit = cost::unit(&raw);
        for figure in &mut figures {
            aims::judge(figure, &raw);
            figure.cost = Cost::of(figure, unit);
        }
        Self { machine, quick, figures, failures }
    }
}
