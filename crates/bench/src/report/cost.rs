//! What an operation costs: CPU time of everything that the product needs, in A. One A is the CPU time of a small
//! JSON request to axum alone, in the same run: it differs between machines as the product's does.

use serde::Serialize;

use super::aims;
use super::figure::{Aim, Figure, few_or_grouped};
use super::{Report, Unit};
use crate::system::Engine;

/// The raw limit whose CPU time is one A.
const UNIT: &str = "http";

/// The operations of the product: the figure that has the CPU time of each, and its name.
const OPERATIONS: [(&str, &str); 7] = [
    ("list-page", "list page of 20"),
    ("one-ticket", "one ticket by id"),
    ("search-alone", "one search"),
    ("list-creation", "one ticket listed"),
    ("orders-applied", "one order, every effect applied"),
    ("purchases-applied", "one purchase, every effect applied"),
    ("rush-losers", "one loser of a race"),
];

/// The CPU time of one operation: neither that of the load generator nor that of the simulated bank.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Cost {
    /// In microseconds.
    pub(crate) micros: f64,
    /// In A; `None` if A was not measured.
    pub(crate) in_a: Option<f64>,
    /// The aim, in A.
    pub(crate) aim: Option<Aim>,
}

impl Cost {
    /// That of a figure, if it has CPU times.
    pub(super) fn of(figure: &Figure, unit: Option<f64>) -> Option<Self> {
        let micros = figure.cpu_of_system();
        if micros < 0.05 {
            return None;
        }
        let in_a = unit.map(|unit| micros / unit);
        let aim = figure.engine.and_then(|engine| aims::cost_aim(&figure.key, engine));
        let aim = in_a.zip(aim).map(|(in_a, value)| Aim { value, met: in_a <= value });
        Some(Self { micros, in_a, aim })
    }

    /// In microseconds and in A.
    pub(super) fn show(&self) -> String {
        let in_a = self.in_a.map_or(String::new(), |in_a| format!(" = {}", show_in_a(in_a)));
        format!("{}{in_a}", Unit::MicrosecondsOfCpu.show(self.micros))
    }
}

/// The CPU time of one A in microseconds, if it was measured.
pub(super) fn unit(figures: &[Figure]) -> Option<f64> {
    let raw = figures.iter().find(|figure| figure.key == UNIT && figure.engine.is_none())?;
    Some(raw.cpu_of_system()).filter(|micros| *micros > 0.0)
}

fn show_in_a(value: f64) -> String {
    format!("{} A", few_or_grouped(value))
}

/// The costs of the product's operations as a table in Markdown; nothing if none was measured.
pub(super) fn costs(report: &Report) -> String {
    let engines = [Engine::Real, Engine::Embedded];
    let cost_of = |key: &str, engine: Engine| {
        let found = report.figures.iter().find(|figure| figure.key == key && figure.engine == Some(engine));
        found.and_then(|figure| figure.cost)
    };
    let measured = OPERATIONS.iter().filter(|(key, _)| engines.iter().any(|engine| cost_of(key, *engine).is_some()));
    let rows: String = measured
        .map(|(key, name)| {
            let cells = engines.map(|engine| cells(cost_of(key, engine)));
            format!("| {name} | {} |\n", cells.join(" | "))
        })
        .collect();
    if rows.is_empty() {
        return rows;
    }
    let unit = unit(&report.figures).map_or("A was not measured".to_owned(), |unit| {
        format!("A = {}: a small JSON request to axum alone", Unit::MicrosecondsOfCpu.show(unit))
    });
    let heads = engines.map(|engine| format!("{} | aim", engine.title())).join(" | ");
    format!("\n| CPU time of ({unit}) | {heads} |\n|---|---:|---:|---:|---:|\n{rows}")
}

/// The cost, and its aim.
fn cells(cost: Option<Cost>) -> String {
    let shown = cost.map_or(String::new(), |cost| cost.show());
    let aim = cost
        .and_then(|cost| cost.aim)
        .map_or(String::new(), |aim| format!("{} {}", show_in_a(aim.value), aim.verdict()));
    format!("{shown} | {aim}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Machine;
    use crate::system::Share;

    fn costing(key: &str, engine: Option<Engine>, shares: &[(&str, f64)]) -> Figure {
        let share = |(process, micros): &(&str, f64)| Share { process: (*process).to_owned(), micros: *micros };
        let figure = Figure::new(key, key, Unit::PerSecond, 1.0).costing(shares.iter().map(share).collect());
        Figure { engine, ..figure }
    }

    fn report(figures: Vec<Figure>) -> Report {
        let machine = Machine { cores: 2, cpu: "a CPU".into(), memory_mib: 2000, kernel: "6".into() };
        Report::new(machine, true, figures, vec![])
    }

    #[test]
    fn an_operation_costs_so_many_small_requests() {
        let raw = costing("http", None, &[("axum", 10.0), ("bench", 9.0)]);
        let order = costing("orders-applied", Some(Engine::Embedded), &[("ticketing", 125.0), ("bench", 16.0)]);
        let purchase = [("payments", 900.0), ("mongod", 540.0), ("bank", 300.0), ("bench", 60.0)];
        let purchase = costing("purchases-applied", Some(Engine::Real), &purchase);
        let report = report(vec![raw, order, purchase]);
        let cost = |number: usize| report.figures[number].cost.expect("it has CPU times");
        assert_eq!(cost(1), Cost { micros: 125.0, in_a: Some(12.5), aim: Some(Aim { value: 12.0, met: false }) });
        assert_eq!(cost(2), Cost { micros: 1440.0, in_a: Some(144.0), aim: Some(Aim { value: 150.0, met: true }) });
        let table = costs(&report);
        assert!(table.contains("(A = 10.0 us: a small JSON request to axum alone)"), "{table}");
        let rows = "| one order, every effect applied |  |  | 125 us = 12.5 A | 12.0 A not met |\n\
                    | one purchase, every effect applied | 1,440 us = 144 A | 150 A met |  |  |\n";
        assert!(table.ends_with(rows), "{table}");
    }

    #[test]
    fn without_a_nothing_is_compared() {
        let report = report(vec![costing("list-page", Some(Engine::Real), &[("tickets", 25.0)])]);
        assert_eq!(report.figures[0].cost, Some(Cost { micros: 25.0, in_a: None, aim: None }));
        assert!(costs(&report).ends_with("| list page of 20 | 25.0 us |  |  |  |\n"), "{}", costs(&report));
        assert_eq!(costs(&self::report(vec![])), "");
    }
}
