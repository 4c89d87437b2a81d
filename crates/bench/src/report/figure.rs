use serde::Serialize;

use super::cost::Cost;
use crate::load::{Percentiles, Tally};
use crate::system::{BANK, Engine, GENERATOR, Share};

/// One measured number, with its context.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    /// A stable key. The same for both engines.
    pub(crate) key: String,
    /// A readable name.
    pub(crate) name: String,
    /// The engine; `None` for raw limits.
    pub(crate) engine: Option<Engine>,
    /// The value.
    pub(crate) value: f64,
    /// The unit.
    pub(crate) unit: Unit,
    /// Latencies in milliseconds.
    pub(crate) latency: Option<Percentiles>,
    /// CPU time of each process per operation.
    pub(crate) cpu: Vec<Share>,
    /// Remarks.
    pub(crate) note: Option<String>,
    /// Raw limits of the same run, and the figure divided by them.
    pub(crate) beside: Vec<Beside>,
    /// The aim in DESIGN.md.
    pub(crate) aim: Option<Aim>,
    /// What an operation costs.
    pub(crate) cost: Option<Cost>,
}

/// The unit of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unit {
    /// More is better.
    PerSecond,
    /// More is better.
    Percent,
    /// Less is better.
    Milliseconds,
    /// Less is better.
    MicrosecondsOfCpu,
    /// Less is better.
    Mebibytes,
    /// How many of them one operation takes. Less is better.
    Each,
    /// As a multiple of what it is compared with. Less is better.
    Times,
}

/// The ratio of a figure to a raw limit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Beside {
    /// The name of the raw limit.
    pub(crate) baseline: String,
    /// The figure divided by it.
    pub(crate) ratio: f64,
}

/// The aim of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Aim {
    /// The lower or upper bound.
    pub(crate) value: f64,
    /// Whether it is met.
    pub(crate) met: bool,
}

impl Aim {
    /// Whether it is met, in words.
    pub(super) fn verdict(self) -> &'static str {
        if self.met { "met" } else { "not met" }
    }
}

impl Unit {
    /// Whether a larger value is better.
    pub(crate) fn grows(self) -> bool {
        matches!(self, Self::PerSecond | Self::Percent)
    }

    /// Formats a value with its unit.
    pub(crate) fn show(self, value: f64) -> String {
        match self {
            Self::PerSecond => format!("{}/s", few_or_grouped(value)),
            Self::Percent => format!("{value:.0} %"),
            Self::Milliseconds if value < 10.0 => format!("{value:.2} ms"),
            Self::Milliseconds => format!("{value:.0} ms"),
            Self::MicrosecondsOfCpu => format!("{} us", few_or_grouped(value)),
            Self::Mebibytes => format!("{value:.0} MiB"),
            Self::Each => format!("{value:.1}"),
            Self::Times => format!("{value:.1} x"),
        }
    }
}

impl Figure {
    /// A plain number.
    pub(crate) fn new(key: impl Into<String>, name: impl Into<String>, unit: Unit, value: f64) -> Self {
        let (key, name) = (key.into(), name.into());
        Self {
            key,
            name,
            engine: None,
            value,
            unit,
            latency: None,
            cpu: vec![],
            note: None,
            beside: vec![],
            aim: None,
            cost: None,
        }
    }

    /// A rate, with latencies.
    pub(crate) fn rate(key: impl Into<String>, name: impl Into<String>, tally: &Tally) -> Self {
        Self::new(key, name, Unit::PerSecond, tally.rate()).latency(tally)
    }

    /// With latencies.
    pub(crate) fn latency(self, tally: &Tally) -> Self {
        Self { latency: Some(tally.percentiles()), ..self }
    }

    /// On an engine.
    pub(crate) fn on(self, engine: Engine) -> Self {
        Self { engine: Some(engine), ..self }
    }

    /// With CPU times.
    pub(crate) fn costing(self, cpu: Vec<Share>) -> Self {
        Self { cpu, ..self }
    }

    /// With a remark.
    pub(crate) fn noting(self, note: impl Into<String>) -> Self {
        Self { note: Some(note.into()), ..self }
    }

    /// The CPU time per operation of all processes that the product needs: neither of the load generator nor of
    /// the simulated bank.
    pub(crate) fn cpu_of_system(&self) -> f64 {
        let system = self.cpu.iter().filter(|share| ![GENERATOR, BANK].contains(&share.process.as_str()));
        system.map(|share| share.micros).sum()
    }
}

/// A whole number with commas; small ones with a decimal place.
pub(super) fn few_or_grouped(value: f64) -> String {
    if value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_people_write_them() {
        assert_eq!(Unit::PerSecond.show(1_234_567.4), "1,234,567/s");
        assert_eq!(Unit::PerSecond.show(136.4), "136/s");
        assert_eq!(Unit::MicrosecondsOfCpu.show(6.04), "6.0 us");
        assert_eq!(Unit::Milliseconds.show(3.456), "3.46 ms");
        assert_eq!(Unit::Milliseconds.show(104.6), "105 ms");
    }

    #[test]
    fn neither_the_generator_nor_the_bank_is_part_of_what_an_order_costs() {
        let share = |process: &str, micros| Share { process: process.to_owned(), micros };
        let cpu = vec![share("orders", 100.0), share("mongod", 250.0), share("bench", 9.0), share("bank", 5.0)];
        let figure = Figure::new("k", "n", Unit::PerSecond, 1.0).costing(cpu);
        assert_eq!(figure.cpu_of_system(), 350.0);
    }
}
